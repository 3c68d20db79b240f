/**
 * Chats in the terminal: {@link dev.quern.cli.chat.ChatScreen} runs them. Lines come through
 * {@link dev.quern.cli.chat.LineSource}, with an editor or without; what the conversation is stands in
 * {@code dev.quern.runtime.chat}.
 */
@NullMarked
package dev.quern.cli.chat;

import org.jspecify.annotations.NullMarked;
