package io.secretreg.connect;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request and its answer. No redirect is followed, and no proxy of the JVM's settings used: what the worker proves
 * itself with would go along.
 */
final class Http {
    static final String USER_AGENT = "secretreg-connect/" + Version.NUMBER;
    /** Of an answer, in bytes: 256 secrets of the largest size. */
    private static final int LARGEST_BODY = 64 * 1024 * 1024;

    private final ProviderSettings settings;
    /** Null where every address is http. */
    private final Tls tls;
    private HttpClient client;
    private boolean isClosed;

    /** {@code stores} are the settings {@code ssl.*} that it uses. */
    Http(ProviderSettings settings, Map<String, String> stores) {
        this.settings = settings;
        boolean hasTls = false;
        for (URI url : settings.urls()) hasTls |= url.getScheme().equalsIgnoreCase("https");
        tls = hasTls ? new Tls(stores) : null;
    }

    /** Sends what the builder has, within a time that counts until the last byte of the answer. */
    Answer send(HttpRequest.Builder request, Duration limit) throws Failure {
        HttpRequest built = request.setHeader("User-Agent", USER_AGENT).timeout(limit).build();
        BoundedBody body = new BoundedBody(LARGEST_BODY);
        CompletableFuture<HttpResponse<byte[]>> sent = client().sendAsync(built, head -> body);
        try {
            HttpResponse<byte[]> answer = sent.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(e, built.uri());
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.of(e, built.uri());
        } finally {
            if (!sent.isDone()) {
                body.giveUp();
                sent.cancel(true);
            }
        }
    }

    /** Its threads end when nothing holds it any more; Java has no way to close one before 21. */
    synchronized void close() {
        client = null;
        isClosed = true;
    }

    private synchronized HttpClient client() throws Failure {
        if (isClosed) throw new RegistryUnreachableException("the secret registry's provider is closed");
        boolean isRenewed = tls != null && tls.reload();
        if (client == null || isRenewed) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .connectTimeout(settings.connectTimeout());
            client = (tls == null ? builder : builder.sslContext(tls.context())).build();
        }
        return client;
    }
}
