package dev.quern.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they come. A read that waits too long for the next of them fails, which no stream of the
 * library does.
 */
final class TimedBody extends InputStream implements Subscriber<List<ByteBuffer>> {

    private sealed interface Event {
        record Bytes(List<ByteBuffer> buffers) implements Event {}

        record End() implements Event {}

        record Failure(Throwable cause) implements Event {}
    }

    private final Duration stall;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private volatile @Nullable Subscription subscription;
    private volatile boolean closed;
    private boolean ended;

    TimedBody(Duration stall) {
        this.stall = stall;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Event.Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, target.length);
        if (length == 0) {
            return 0;
        }
        while (ready.isEmpty()) {
            if (ended) {
                return -1;
            }
            await();
        }
        ByteBuffer buffer = ready.getFirst();
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, start, count);
        if (!buffer.hasRemaining()) {
            ready.removeFirst();
        }
        return count;
    }

    private void await() throws IOException {
        switch (next()) {
            case Event.Bytes(var buffers) -> {
                buffers.stream().filter(ByteBuffer::hasRemaining).forEach(ready::add);
                Objects.requireNonNull(subscription).request(1);
            }
            case Event.End() -> ended = true;
            case Event.Failure(var cause) -> throw new IOException("the connection broke off", cause);
        }
    }

    private Event next() throws IOException {
        if (closed) {
            throw new IOException("the connection is closed");
        }
        try {
            Event event = events.poll(stall.toNanos(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new StalledException(stall);
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /** Cancels what has not come, which closes the connection. */
    @Override
    public void close() {
        closed = true;
        Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
