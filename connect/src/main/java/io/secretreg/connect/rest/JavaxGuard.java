package io.secretreg.connect.rest;

import io.secretreg.connect.SecretRegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerRequestFilter;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.ReaderInterceptor;
import javax.ws.rs.ext.ReaderInterceptorContext;
import javax.ws.rs.ext.WriterInterceptor;
import javax.ws.rs.ext.WriterInterceptorContext;

/** The {@link Guard} in the terms of {@code javax.ws.rs}. */
final class JavaxGuard implements ContainerRequestFilter, ReaderInterceptor, WriterInterceptor, ExceptionMapper<SecretRegistryException> {
    private final Guard guard;

    @Context
    private ResourceInfo matched;

    JavaxGuard(Guard guard) {
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
