package io.secretreg.connect;

import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** No whole answer came from one server; why, in words. Its cause is left out: it may quote what was sent. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveArrived;

    /** {@code reason} is a clause. */
    private Failure(String reason, boolean mayHaveArrived) {
        super(reason);
        this.mayHaveArrived = mayHaveArrived;
    }

    static Failure of(Throwable error, URI url) {
        if (find(error, HttpConnectTimeoutException.class) != null) return before("no connection came about in time");
        if (find(error, HttpTimeoutException.class) != null || find(error, TimeoutException.class) != null)
            return new Failure("it did not answer in time", true);
        if (find(error, UnresolvedAddressException.class) != null) return before("there is no host " + Shown.name(url.getHost()));
        // Java's HTTP client does not tell a refused connection from a host that cannot be reached.
        if (find(error, ConnectException.class) != null) return before("it takes no connection (does the server run, on this port?)");
        // Behind the handshake a connection that breaks may have carried the request.
        boolean isHandshake = find(error, SSLHandshakeException.class) != null || find(error, CertificateException.class) != null;
        if (isHandshake || find(error, SSLException.class) != null) return new Failure(tlsReason(error, url), !isHandshake);
        if (find(error, ProtocolException.class) != null) return new Failure("its answer is not HTTP, or larger than any of a registry", true);
        if (find(error, InterruptedException.class) != null) return new Failure("the worker stopped waiting", true);
        return new Failure("the connection broke off (" + innermost(error).getClass().getSimpleName() + ")", true);
    }

    /** Whether the server may have done what it was asked. */
    boolean mayHaveArrived() {
        return mayHaveArrived;
    }

    /** No server can have got what was to be sent. */
    static Failure before(String reason) {
        return new Failure(reason, false);
    }

    private static String tlsReason(Throwable error, URI url) {
        if (find(error, CertificateExpiredException.class) != null) return "its certificate has expired";
        if (find(error, CertificateNotYetValidException.class) != null) return "its certificate is not valid yet";
        if (find(error, CertPathBuilderException.class) != null || find(error, CertPathValidatorException.class) != null)
            return "its certificate is of no authority that 'ssl.truststore.*' trusts";
        String message = messages(error);
        if (message.contains("No subject alternative") || message.contains("No name matching"))
            return "its certificate is not for the name " + Shown.name(url.getHost());
        if (message.contains("plaintext connection") || message.contains("Unsupported or unrecognized SSL message"))
            return "what answers there does not speak TLS";
        if (message.contains("certificate_required") || message.contains("bad_certificate") || message.contains("unknown_ca"))
            return "it takes no client without a certificate of an authority that it trusts: see 'ssl.keystore.*'";
        return "no TLS connection came about";
    }

    private static <T> T find(Throwable error, Class<T> type) {
        for (Throwable one = error; one != null; one = one.getCause()) {
            if (type.isInstance(one)) return type.cast(one);
        }
        return null;
    }

    private static Throwable innermost(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) inner = inner.getCause();
        return inner;
    }

    private static String messages(Throwable error) {
        StringBuilder all = new StringBuilder();
        for (Throwable one = error; one != null; one = one.getCause()) all.append(one.getMessage()).append('\n');
        return all.toString();
    }
}
