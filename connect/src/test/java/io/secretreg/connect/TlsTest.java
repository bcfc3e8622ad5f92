package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static Path server;
    private static Path client;
    private static FakeRegistry registry;
    /** Wants a certificate of its clients. */
    private static FakeRegistry strict;

    @BeforeAll
    static void start() throws IOException {
        certificates = new Certificates(folder);
        server = certificates.pair("server", "-ext", "san=dns:localhost");
        client = certificates.pair("client");
        registry = FakeRegistry.startTls(Certificates.server(server, client), false).has("orders", Map.of("k", "v"));
        strict = FakeRegistry.startTls(Certificates.server(server, client), true).has("orders", Map.of("k", "v"));
        certificates.jks(server);
        certificates.jks(client);
        certificates.file("server.pem", Certificates.certificate(server));
        certificates.file("client.pem", Certificates.key(client) + Certificates.certificate(client));
    }

    @AfterAll
    static void stop() {
        registry.close();
        strict.close();
    }

    @ParameterizedTest
    @CsvSource({"PEM, server.pem", "PKCS12, server.p12", "JKS, server.jks", ", server.jks"})
    void trustsWhatIsInTheTrustStore(String type, String file) {
        Map<String, String> params = params(registry.url("localhost"));
        params.put("ssl.truststore.location", place(file));
        if (type != null) params.put("ssl.truststore.type", type);
        if (!"PEM".equals(type)) params.put("ssl.truststore.password", Certificates.PASSWORD);
        assertEquals("v", read(params));
    }

    @ParameterizedTest
    @CsvSource({"PEM, client.pem", "PKCS12, client.p12", "JKS, client.jks"})
    void showsTheCertificateOfTheKeyStore(String type, String file) {
        Map<String, String> params = trusting(strict);
        params.put("ssl.keystore.location", place(file));
        params.put("ssl.keystore.type", type);
        if (!type.equals("PEM")) {
            params.put("ssl.keystore.password", Certificates.PASSWORD);
            params.put("ssl.key.password", Certificates.PASSWORD);
        }
        // The certificate alone says who it is.
        params.remove("token");
        assertEquals("v", read(params));
        assertEquals(null, strict.last().header("Authorization"));
    }

    @Test
    void takesPemInTheSettingsThemselves() {
        Map<String, String> params = trusting(strict);
        params.put("ssl.keystore.type", "PEM");
        params.put("ssl.keystore.key", Certificates.key(client));
        params.put("ssl.keystore.certificate.chain", Certificates.certificate(client));
        assertEquals("v", read(params));
    }

    @Test
    void saysThatACertificateIsOfNoAuthorityItTrusts() {
        assertFault(registry.url("localhost"), params(registry.url("localhost")), "its certificate is of no authority that 'ssl.truststore.*' trusts");
    }

    @Test
    void saysThatACertificateIsForAnotherName() {
        Map<String, String> params = trusting(registry);
        params.put("url", registry.url("127.0.0.1"));
        assertFault(registry.url("127.0.0.1"), params, "its certificate is not for the name '127.0.0.1'");
    }

    @Test
    void saysThatACertificateHasExpired() throws IOException {
        Path authority = certificates.pair("authority", "-ext", "bc:c");
        Path old = certificates.pairBy(authority, "old", "-ext", "san=dns:localhost", "-startdate", "-2d", "-validity", "1");
        try (FakeRegistry expired = FakeRegistry.startTls(Certificates.server(old, client), false)) {
            Map<String, String> params = params(expired.url("localhost"));
            params.put("ssl.truststore.type", "PEM");
            params.put("ssl.truststore.certificates", Certificates.certificate(authority));
            assertFault(expired.url("localhost"), params, "its certificate has expired");
        }
    }

    @Test
    void saysThatItTakesNoClientWithoutACertificate() throws IOException {
        SSLServerSocket socket = (SSLServerSocket) Certificates.server(server, client).getServerSocketFactory().createServerSocket();
        socket.setNeedClientAuth(true);
        try (OneLine wanting = new OneLine(socket)) {
            Map<String, String> params = trusting(registry);
            params.put("url", wanting.url());
            String reason = "it takes no client without a certificate of an authority that it trusts: see 'ssl.keystore.*'";
            assertFault(wanting.url(), params, reason);
        }
    }

    @Test
    void saysThatWhatAnswersDoesNotSpeakTls() throws IOException {
        try (OneLine plain = new OneLine(new ServerSocket())) {
            Map<String, String> params = trusting(registry);
            params.put("url", plain.url());
            assertFault(plain.url(), params, "what answers there does not speak TLS");
        }
    }

    @Test
    void sendsNoChangeTwiceWhoseConnectionBreaksBehindTheHandshake() throws IOException {
        try (OneLine breaking = new OneLine(new ServerSocket(), Certificates.server(server, client))) {
            Map<String, String> params = trusting(registry);
            params.put("url", breaking.url() + "," + registry.url("localhost"));
            int before = registry.requests.size();
            try (RegistryClient it = new RegistryClient(ProviderSettings.parse(params))) {
                assertThrows(RegistryUnreachableException.class, () -> it.exchange("POST", "/secret/paths/orders", new byte[] {'1'}, Map.of(), null));
            }
            assertEquals(before, registry.requests.size());
            assertEquals('P', breaking.read);
        }
    }

    @Test
    void takesARenewedCertificateWithoutARestart() throws IOException {
        Path other = certificates.pair("other", "-ext", "san=dns:localhost");
        Path trusted = certificates.file("trusted.pem", Certificates.certificate(other));
        Map<String, String> params = trusting(registry, "trusted.pem");
        params.put("down.memory.ms", "1");
        try (RegistryClient it = new RegistryClient(ProviderSettings.parse(params))) {
            assertThrows(RegistryUnreachableException.class, () -> it.get("/secret/paths/orders", Map.of(), it.end()));
            certificates.file("trusted.pem", Certificates.certificate(server));
            // Kafka looks at the time of the file, which may be the same second.
            Files.setLastModifiedTime(trusted, FileTime.from(Instant.now().plusSeconds(5)));
            assertEquals(200, eventually(it).status());
        }
    }

    @Test
    void aStoreThatIsReplacedByABrokenOneIsReadAgainOnceItIsRight() throws IOException {
        Path trusted = certificates.file("replaced.pem", Certificates.certificate(server));
        Map<String, String> params = trusting(registry, "replaced.pem");
        params.put("down.memory.ms", "1");
        try (RegistryClient it = new RegistryClient(ProviderSettings.parse(params))) {
            assertEquals(200, it.get("/secret/paths/orders", Map.of(), it.end()).status());
            certificates.file("replaced.pem", "half of a certifica");
            Files.setLastModifiedTime(trusted, FileTime.from(Instant.now().plusSeconds(5)));
            RegistryUnreachableException failed =
                    assertThrows(RegistryUnreachableException.class, () -> it.get("/secret/paths/orders", Map.of(), it.end()));
            String message = failed.getMessage();
            assertTrue(message.startsWith("the registry cannot be reached: " + registry.url("localhost") + ": the settings 'ssl.*'"), message);
            certificates.file("replaced.pem", Certificates.certificate(server));
            Files.setLastModifiedTime(trusted, FileTime.from(Instant.now().plusSeconds(10)));
            assertEquals(200, eventually(it).status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-file.p12", "server.p12", "server.pem"})
    void saysAtStartThatAStoreCannotBeRead(String file) {
        Map<String, String> params = params(registry.url("localhost"));
        params.put("ssl.truststore.type", "PKCS12");
        params.put("ssl.truststore.location", place(file));
        params.put("ssl.truststore.password", "hunter2");
        ConfigException refused = assertThrows(ConfigException.class, () -> new SecretRegistryConfigProvider().configure(params));
        String message = refused.getMessage();
        assertTrue(message.startsWith("the settings 'ssl.*' of the secret registry's provider cannot be used: "), message);
        assertFalse(message.contains("hunter2"), message);
        if (file.startsWith("no-such"))
            assertTrue(message.contains(Shown.name(place(file)) + " is not there, or not readable for the user of the worker"), message);
    }

    /** Once the probe in the background was answered. */
    private static Answer eventually(RegistryClient it) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try {
                return it.get("/secret/paths/orders", Map.of(), it.end());
            } catch (RegistryUnreachableException e) {
                assertTrue(System.nanoTime() < end, e.getMessage());
            }
        }
    }

    private static void assertFault(String url, Map<String, String> params, String reason) {
        try (RegistryClient it = new RegistryClient(ProviderSettings.parse(params))) {
            RegistryUnreachableException failed =
                    assertThrows(RegistryUnreachableException.class, () -> it.get("/secret/paths/orders", Map.of(), it.end()));
            assertEquals("the registry cannot be reached: " + url + ": " + reason, failed.getMessage());
        }
    }

    private static String read(Map<String, String> params) {
        SecretRegistryConfigProvider provider = new SecretRegistryConfigProvider();
        provider.configure(params);
        try {
            return provider.get("orders", Set.of("k")).data().get("k");
        } finally {
            provider.close();
        }
    }

    private static Map<String, String> trusting(FakeRegistry one) {
        return trusting(one, "server.pem");
    }

    private static Map<String, String> trusting(FakeRegistry one, String file) {
        Map<String, String> params = params(one.url("localhost"));
        params.put("ssl.truststore.type", "PEM");
        params.put("ssl.truststore.location", place(file));
        return params;
    }

    private static Map<String, String> params(String url) {
        return new HashMap<>(Map.of("url", url, "token", "t0ken", "retries", "0"));
    }

    private static String place(String file) {
        return folder.resolve(file).toString();
    }

    /** Says the same in clear to whatever connects, as Java's own HTTP server does not. */
    private static final class OneLine implements AutoCloseable {
        private final ServerSocket socket;
        /** To speak TLS until the first byte of the request has come; null to speak none. */
        private final SSLContext context;
        private volatile int read;

        private OneLine(ServerSocket socket) throws IOException {
            this(socket, null);
        }

        private OneLine(ServerSocket socket, SSLContext context) throws IOException {
            this.context = context;
            this.socket = socket;
            socket.bind(new InetSocketAddress("localhost", 0));
            Thread thread = new Thread(this::serve);
            thread.setDaemon(true);
            thread.start();
        }

        private String url() {
            return "https://localhost:" + socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket one = socket.accept()) {
                    read = requestOn(one).read();
                    one.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The next one.
                }
            }
        }

        private InputStream requestOn(Socket one) throws IOException {
            return context == null ? one.getInputStream() : context.getSocketFactory().createSocket(one, null, false).getInputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
