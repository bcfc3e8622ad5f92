package io.secretreg.connect;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The registry over HTTP. A lookup runs on the one thread that every connector of the worker waits for, so a call never
 * takes longer than its budget, whatever servers, retries and pauses it tries; and after a call that no server answered,
 * none is tried until a probe in the background was answered.
 */
public final class RegistryClient implements AutoCloseable {
    private final ProviderSettings settings;
    private final Http http;
    private final DownMemory down;
    /** The server that answered last is asked first. */
    private volatile int preferred;

    /** Fails with ConfigException where the stores of TLS cannot be read. */
    public RegistryClient(ProviderSettings settings) {
        this(settings, settings.tls());
    }

    private RegistryClient(ProviderSettings settings, Map<String, String> stores) {
        this.settings = settings;
        http = new Http(settings, stores);
        down = new DownMemory(settings.downMemory(), this::isAnswered);
    }

    /** To ask for others, with what they show: the worker's own certificate would speak for whoever shows nothing. */
    public static RegistryClient forCallers(ProviderSettings settings) {
        Map<String, String> stores = new LinkedHashMap<>(settings.tls());
        stores.keySet().removeIf(name -> name.startsWith("ssl.key"));
        return new RegistryClient(settings, stores);
    }

    public ProviderSettings settings() {
        return settings;
    }

    /** When the time is up for a call, or for several together, that begin now: a number of nanoseconds. */
    long end() {
        return System.nanoTime() + settings.totalTimeout().toNanos();
    }

    /** A GET as the worker itself. */
    Answer get(String target, Map<String, String> headers, long end) {
        return exchange("GET", target, null, headers, settings.credentials().authorization(), end);
    }

    /**
     * Sends with the {@code authorization} of whoever asks, or null for nobody. {@code target} is encoded and begins with a
     * slash; {@code body} may be null. Any status is an answer; a redirect is not followed. Only a GET is sent again after a
     * server may have got it. Fails with RegistryUnreachableException.
     */
    public Answer exchange(String method, String target, byte[] body, Map<String, String> headers, String authorization) {
        return exchange(method, target, body, headers, authorization, end());
    }

    private Answer exchange(String method, String target, byte[] body, Map<String, String> headers, String authorization, long end) {
        String known = down.reason();
        if (known != null) throw new RegistryUnreachableException(known + " (it is tried again in the background)");
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = HttpRequest.newBuilder().method(method, publisher);
        for (Map.Entry<String, String> header : headers.entrySet()) setHeader(request, header.getKey(), header.getValue());
        if (authorization != null) setHeader(request, "Authorization", authorization);
        return new Call(request, method.equals("GET"), target, end).run();
    }

    @Override
    public void close() {
        down.close();
        http.close();
    }

    /** Java's own exception would quote the value, which may be a token. */
    private static void setHeader(HttpRequest.Builder request, String name, String value) {
        try {
            request.setHeader(name, value);
        } catch (IllegalArgumentException e) {
            throw new SecretRegistryException(SecretRegistryException.UNPROCESSABLE, "header " + Shown.name(name) + " cannot be sent on");
        }
    }

    /** Whether any server works, asked on a way that needs no log-in. */
    private boolean isAnswered() {
        for (URI url : settings.urls()) {
            try {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/health/ready"));
                if (http.send(request, settings.requestTimeout()).isOfWorking()) return true;
            } catch (Failure e) {
                // It is asked again.
            }
        }
        return false;
    }

    /** Rounds over the servers within one budget. */
    private final class Call {
        private final HttpRequest.Builder request;
        private final boolean isSafe;
        private final String target;
        private final long end;
        private final String[] failures = new String[settings.urls().size()];
        private Answer notWorking;
        private boolean mayHaveArrived;

        private Call(HttpRequest.Builder request, boolean isSafe, String target, long end) {
            this.end = end;
            this.request = request;
            this.isSafe = isSafe;
            this.target = target;
        }

        private Answer run() {
            int servers = settings.urls().size();
            int first = preferred;
            boolean hadItsTime = left().compareTo(settings.totalTimeout().dividedBy(2)) > 0;
            Answer answer = null;
            for (int round = 0; answer == null && round <= settings.retries(); round += 1) {
                if (round > 0 && !pause(round)) break;
                for (int i = 0; answer == null && !isOver() && i < servers; i += 1) answer = ask((first + i) % servers, servers - i);
                if (isOver()) break;
            }
            if (answer != null) return answer;
            if (notWorking != null) return notWorking;
            String reason = "the registry cannot be reached: " + reasons();
            // Time that others took says nothing of the registry: somebody's many secrets would have everybody's requests refused.
            // Nor does a worker that stops waiting.
            if (hadItsTime && !Thread.currentThread().isInterrupted()) down.remember(reason);
            throw new RegistryUnreachableException(reason);
        }

        /** Null where another server, or the same one later, may do better. What is left of the budget is shared with those. */
        private Answer ask(int server, int serversLeft) {
            URI url = settings.urls().get(server);
            Duration share = left().dividedBy(serversLeft);
            try {
                request.uri(URI.create(url + target));
                Answer answer = http.send(request, share.compareTo(settings.requestTimeout()) < 0 ? share : settings.requestTimeout());
                if (answer.isOfWorking()) {
                    preferred = server;
                    return answer;
                }
                notWorking = answer;
                mayHaveArrived = true;
                // Too many requests do not become fewer by more of them.
                return answer.status() == 429 ? answer : null;
            } catch (Failure e) {
                failures[server] = url + ": " + e.getMessage();
                mayHaveArrived |= e.mayHaveArrived();
                return null;
            }
        }

        /** A change that a server may have got is not sent again, and nothing is once the time is up. */
        private boolean isOver() {
            return (!isSafe && mayHaveArrived) || left().toMillis() < 1;
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        }

        /** False where there is no time for it. */
        private boolean pause(int round) {
            long milliseconds = 100L << (round - 1);
            if (left().toMillis() <= milliseconds) return false;
            try {
                Thread.sleep(milliseconds);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private String reasons() {
            StringBuilder all = new StringBuilder();
            for (String failure : failures) {
                if (failure != null) all.append(all.length() == 0 ? "" : "; ").append(failure);
            }
            return all.length() == 0 ? "there was no time" : all.toString();
        }
    }
}
