package io.secretreg.connect.rest;

import jakarta.ws.rs.core.Configurable;

/** For workers of {@code jakarta.ws.rs}. A test demands that the files of the two names differ in that name only. */
final class JakartaRegistration extends Registration {
    @Override
    void register(Object configurable, Guard guard) {
        Configurable<?> worker = (Configurable<?>) configurable;
        worker.register(new JakartaGuard(guard), BEHIND_OTHERS);
        if (guard.proxy() != null) worker.register(new JakartaSecretPaths(guard.proxy()));
    }
}
