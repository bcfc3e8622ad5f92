package io.secretreg.connect;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * That no server answered, and why, until one does: a thread of its own looks every so often. So of all who ask while the
 * registry hangs, only the first one waits for it.
 */
final class DownMemory {
    private final Duration between;
    private final BooleanSupplier isBack;
    private String reason;
    private Thread probe;
    private boolean isClosed;

    DownMemory(Duration between, BooleanSupplier isBack) {
        this.between = between;
        this.isBack = isBack;
    }

    /** Null while nothing is known to be wrong. */
    synchronized String reason() {
        return reason;
    }

    synchronized void remember(String why) {
        if (isClosed) return;
        reason = why;
        if (probe != null) return;
        probe = new Thread(this::probe, "secretreg-connect-probe");
        probe.setDaemon(true);
        probe.start();
    }

    synchronized void close() {
        isClosed = true;
        if (probe != null) probe.interrupt();
    }

    private void probe() {
        try {
            do Thread.sleep(between.toMillis());
            while (!isBack.getAsBoolean());
            forget();
        } catch (InterruptedException | RegistryUnreachableException e) {
            // It was closed, and nobody asks any more.
        }
    }

    private synchronized void forget() {
        reason = null;
        probe = null;
    }
}
