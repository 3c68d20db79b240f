/**
 * Conversations with a model: {@link dev.quern.runtime.chat.ChatFormat} makes prompts of messages, after the model's
 * own template; {@link dev.quern.runtime.chat.Conversation} keeps the messages, asks for answers and makes room when
 * the context is full. Nothing here reads a terminal, a file or a socket: commands, servers and pages share it.
 */
@NullMarked
package dev.quern.runtime.chat;

import org.jspecify.annotations.NullMarked;
