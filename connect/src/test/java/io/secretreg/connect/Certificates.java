package io.secretreg.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Key pairs with certificates of their own, made by the JDK's keytool. */
final class Certificates {
    static final String PASSWORD = "store-pass";
    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
    }

    /** A PKCS12 store of one pair; {@code options} such as {@code -ext san=dns:localhost}. */
    Path pair(String name, String... options) {
        Path store = folder.resolve(name + ".p12");
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC", "-storetype", "PKCS12", "-keystore", store.toString(),
                "-storepass", PASSWORD));
        Collections.addAll(arguments, options);
        keytool(arguments);
        return store;
    }

    /** A pair whose certificate is by that authority, and stands beside it in the store. */
    Path pairBy(Path authority, String name, String... options) {
        try {
            Files.copy(authority, folder.resolve(name + ".p12"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> all = new ArrayList<>(List.of(options));
        Collections.addAll(all, "-signer", nameOf(authority));
        return pair(name, all.toArray(String[]::new));
    }

    /** The same pair in the older form. */
    Path jks(Path pair) {
        Path store = folder.resolve(nameOf(pair) + ".jks");
        keytool(List.of(
                "-importkeystore", "-srckeystore", pair.toString(), "-srcstorepass", PASSWORD, "-destkeystore", store.toString(),
                "-deststoretype", "JKS", "-deststorepass", PASSWORD));
        return store;
    }

    /** The certificate in PEM. */
    static String certificate(Path pair) {
        try {
            return pem("CERTIFICATE", load(pair).getCertificate(nameOf(pair)).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The private key in PEM, PKCS 8. */
    static String key(Path pair) {
        try {
            return pem("PRIVATE KEY", load(pair).getKey(nameOf(pair), PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a server with this pair, which trusts clients with that one. */
    static SSLContext server(Path pair, Path trusted) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(only(nameOf(pair), load(pair)), PASSWORD.toCharArray());
            KeyStore clients = KeyStore.getInstance("PKCS12");
            clients.load(null, null);
            clients.setCertificateEntry("client", load(trusted).getCertificate(nameOf(trusted)));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(clients);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyStore only(String name, KeyStore all) throws GeneralSecurityException, IOException {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(name, all.getKey(name, PASSWORD.toCharArray()), PASSWORD.toCharArray(), all.getCertificateChain(name));
        return one;
    }

    private static KeyStore load(Path pair) {
        try (InputStream in = Files.newInputStream(pair)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String nameOf(Path pair) {
        return pair.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    private static void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) throw new AssertionError(output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
