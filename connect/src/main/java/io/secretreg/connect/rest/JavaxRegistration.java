package io.secretreg.connect.rest;

import javax.ws.rs.core.Configurable;

/** For workers of {@code javax.ws.rs}. A test demands that the files of the two names differ in that name only. */
final class JavaxRegistration extends Registration {
    @Override
    void register(Object configurable, Guard guard) {
        Configurable<?> worker = (Configurable<?>) configurable;
        worker.register(new JavaxGuard(guard), BEHIND_OTHERS);
        if (guard.proxy() != null) worker.register(new JavaxSecretPaths(guard.proxy()));
    }
}
