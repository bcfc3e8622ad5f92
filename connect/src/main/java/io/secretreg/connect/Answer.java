package io.secretreg.connect;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** What the registry answered. Its body may hold secrets, and never goes into a message. */
public final class Answer {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Answer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public byte[] body() {
        return body;
    }

    /** Whether the registry works: what it refuses, it refuses on purpose. */
    boolean isOfWorking() {
        return status < 500 && status != 429;
    }
}
