package io.secretreg.connect.rest;

import io.secretreg.connect.Answer;
import java.io.InputStream;
import java.util.Map;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;

/** The original's eleven routes on the worker's port, in the terms of {@code javax.ws.rs}: each is the registry's own. */
@Path("/secret/paths")
public final class JavaxSecretPaths {
    private static final String PATH = "{path}";
    private static final String KEYS = PATH + "/keys";
    private static final String KEY = KEYS + "/{key}";
    private static final String VERSIONS = KEY + "/versions";
    private static final String LATEST = VERSIONS + "/latest";
    private static final String VERSION = VERSIONS + "/{version}";

    private final Proxy proxy;

    @Context
    private UriInfo uri;

    @Context
    private HttpHeaders headers;

    JavaxSecretPaths(Proxy proxy) {
        this.proxy = proxy;
    }

    @GET
    public Response paths() {
        return ask("GET", "", null);
    }

    @GET
    @Path(PATH)
    public Response path() {
        return ask("GET", PATH, null);
    }

    @DELETE
    @Path(PATH)
    public Response deletePath() {
        return ask("DELETE", PATH, null);
    }

    @GET
    @Path(KEYS)
    public Response keys() {
        return ask("GET", KEYS, null);
    }

    @GET
    @Path(KEY)
    public Response key() {
        return ask("GET", KEY, null);
    }

    @DELETE
    @Path(KEY)
    public Response deleteKey() {
        return ask("DELETE", KEY, null);
    }

    @GET
    @Path(VERSIONS)
    public Response versions() {
        return ask("GET", VERSIONS, null);
    }

    @POST
    @Path(VERSIONS)
    public Response write(InputStream body) {
        return ask("POST", VERSIONS, body);
    }

    @GET
    @Path(LATEST)
    public Response latest() {
        return ask("GET", LATEST, null);
    }

    @GET
    @Path(VERSION)
    public Response version() {
        return ask("GET", VERSION, null);
    }

    @DELETE
    @Path(VERSION)
    public Response deleteVersion() {
        return ask("DELETE", VERSION, null);
    }

    private Response ask(String method, String template, InputStream body) {
        Answer answer = proxy.ask(method, template, uri.getRequestUri(), uri.getPathParameters(false), headers.getRequestHeaders(), body);
        Response.ResponseBuilder response = Response.status(answer.status());
        for (Map.Entry<String, String> header : Proxy.headersOf(answer).entrySet()) response.header(header.getKey(), header.getValue());
        return response.entity(answer.body().length == 0 ? null : answer.body()).build();
    }
}
