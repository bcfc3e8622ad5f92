package io.secretreg.connect.rest;

import io.secretreg.connect.SecretRegistryException;
import java.util.Map;

/** What is refused before Connect sees it, with the status and headers of the answer. */
final class Refusal extends SecretRegistryException {
    private static final long serialVersionUID = 1L;

    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int TOO_LARGE = 413;
    static final int UNPROCESSABLE = 422;
    static final int INTERNAL = 500;
    static final int UNAVAILABLE = 503;

    private final transient Map<String, String> headers;

    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    Refusal(int status, String message, Map<String, String> headers) {
        super(status, message);
        this.headers = headers;
    }

    Map<String, String> headers() {
        return headers;
    }
}
