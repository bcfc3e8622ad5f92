package io.secretreg.connect.rest;

import java.util.Map;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.core.Configurable;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.ReaderInterceptor;
import javax.ws.rs.ext.WriterInterceptor;

/** For workers of {@code javax.ws.rs}. A test demands that the files of the two names differ in that name only. */
final class JavaxRegistration extends Registration {
    @Override
    void register(Object configurable, Guard guard) {
        Configurable<?> worker = (Configurable<?>) configurable;
        worker.register(new JavaxGuard(guard), Map.of(
                ContainerRequestFilter.class, AUTHORIZATION,
                ReaderInterceptor.class, OUTERMOST_READER,
                WriterInterceptor.class, OUTERMOST_WRITER,
                ExceptionMapper.class, MAPPER));
        if (guard.proxy() != null) worker.register(new JavaxSecretPaths(guard.proxy()));
    }
}
