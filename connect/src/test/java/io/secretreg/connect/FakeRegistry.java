package io.secretreg.connect;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A server on loopback that answers what a test tells it to, and remembers what it was asked. */
public final class FakeRegistry implements AutoCloseable {
    /** What one request gets. */
    public interface Answerer {
        void answer(HttpExchange exchange) throws IOException;
    }

    public final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Answerer answerer = exchange -> send(exchange, 404, "{}");

    private FakeRegistry(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static FakeRegistry start() throws IOException {
        return new FakeRegistry(HttpServer.create(anyPort(), 0), "http");
    }

    static FakeRegistry startTls(SSLContext context, boolean wantsCertificate) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(ssl);
            }
        });
        return new FakeRegistry(server, "https");
    }

    /** An address where nobody listens. */
    public static String deadUrl() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    public String url() {
        return url("127.0.0.1");
    }

    String url(String host) {
        return scheme + "://" + host + ":" + server.getAddress().getPort();
    }

    /** Secrets of one path, as the registry answers them. */
    FakeRegistry has(String path, Map<String, String> secrets) {
        return answers(200, secrets.entrySet().stream()
                .map(one -> "{\"path\":\"" + path + "\",\"key\":\"" + one.getKey() + "\",\"version\":1,\"secret\":\"" + one.getValue() + "\"}")
                .collect(Collectors.joining(",", "[", "]")));
    }

    public FakeRegistry answers(int status, String body) {
        return answers(exchange -> send(exchange, status, body));
    }

    public FakeRegistry answers(Answerer next) {
        answerer = next;
        return this;
    }

    /** Reads requests and says nothing. */
    FakeRegistry hangs() {
        return answers(exchange -> waitForEnd());
    }

    /** Begins an answer and does not go on. */
    FakeRegistry hangsInBody() {
        return answers(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('[');
            exchange.getResponseBody().flush();
            waitForEnd();
        });
    }

    public long asked(String targetPart) {
        return requests.stream().filter(request -> request.target.contains(targetPart)).count();
    }

    public Request last() {
        return requests.get(requests.size() - 1);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    public static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(new Request(exchange));
        answerer.answer(exchange);
    }

    private void waitForEnd() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public static final class Request {
        public final String method;
        public final String target;
        final Map<String, List<String>> headers;
        public final String body;

        private Request(HttpExchange exchange) throws IOException {
            method = exchange.getRequestMethod();
            target = exchange.getRequestURI().toString();
            headers = Map.copyOf(exchange.getRequestHeaders());
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(one -> one.getKey().equalsIgnoreCase(name))
                    .map(one -> String.join(",", one.getValue()))
                    .findFirst()
                    .orElse(null);
        }
    }
}
