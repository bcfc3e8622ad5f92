package io.secretreg.connect.rest;

import java.util.Map;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Configurable;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.WriterInterceptor;

/** For workers of {@code jakarta.ws.rs}. A test demands that the files of the two names differ in that name only. */
final class JakartaRegistration extends Registration {
    @Override
    void register(Object configurable, Guard guard) {
        Configurable<?> worker = (Configurable<?>) configurable;
        worker.register(new JakartaGuard(guard), Map.of(
                ContainerRequestFilter.class, AUTHORIZATION,
                ReaderInterceptor.class, OUTERMOST_READER,
                WriterInterceptor.class, OUTERMOST_WRITER,
                ExceptionMapper.class, MAPPER));
        if (guard.proxy() != null) worker.register(new JakartaSecretPaths(guard.proxy()));
    }
}
