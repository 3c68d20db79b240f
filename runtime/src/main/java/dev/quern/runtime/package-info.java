/**
 * Runs a compiled plan. The same code serves every host; what differs is the {@link dev.quern.runtime.Gpu}.
 *
 * <p>From the bottom: {@link dev.quern.runtime.Gpu} is what is needed of a device.
 * {@link dev.quern.runtime.ExecutorLoader} chooses the plan that fits it ({@link dev.quern.runtime.ProfileMatcher}),
 * uploads weights and checks their hashes on the way, builds pipelines and bind groups.
 * {@link dev.quern.runtime.Executor} runs the plan's entry points and knows no more than that.
 * {@link dev.quern.runtime.Session} knows which tokens the states hold; it begins a
 * {@link dev.quern.runtime.Generation} or a {@link dev.quern.runtime.Scoring}, which are
 * {@link dev.quern.runtime.Work}: done piece by piece, so that a browser can breathe between, or in one go.
 * {@link dev.quern.runtime.Engine} holds all of it together.
 *
 * <p>What fails is a {@link dev.quern.runtime.GpuException} where the device is concerned, a
 * {@link dev.quern.plan.BundleException} where the bundle is, and a {@link dev.quern.runtime.PromptException} where the
 * prompt is; messages are for people.
 */
@NullMarked
package dev.quern.runtime;

import org.jspecify.annotations.NullMarked;
