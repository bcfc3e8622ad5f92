package io.secretreg.connect.rest;

import io.secretreg.connect.SecretRegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;

/** The {@link Guard} in the terms of {@code jakarta.ws.rs}. */
final class JakartaGuard implements ContainerRequestFilter, ReaderInterceptor, WriterInterceptor, ExceptionMapper<SecretRegistryException> {
    private final Guard guard;

    @Context
    private ResourceInfo matched;

    JakartaGuard(Guard guard) {
        this.guard = guard;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Call call = new Call(
                matched.getResourceClass(),
                matched.getResourceMethod(),
                request.getMethod(),
                request.getUriInfo().getPathParameters().getFirst("connector"),
                request.getHeaders());
        request.setProperty(Registration.CALL, call);
        guard.admit(call);
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body = context.proceed();
        guard.check((Call) context.getProperty(Registration.CALL), body);
        return body;
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        OutputStream out = context.getOutputStream();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        context.setOutputStream(written);
        context.proceed();
        context.setOutputStream(out);
        MediaType type = context.getMediaType();
        guard.answer((Call) context.getProperty(Registration.CALL), type == null ? null : type.toString(), written.toByteArray(), out);
    }

    @Override
    public Response toResponse(SecretRegistryException error) {
        Response.ResponseBuilder response = Response.status(error.status()).type(MediaType.APPLICATION_JSON_TYPE);
        for (Map.Entry<String, String> header : Guard.headersOf(error).entrySet()) response.header(header.getKey(), header.getValue());
        return response.entity(Guard.errorBody(error)).build();
    }
}
