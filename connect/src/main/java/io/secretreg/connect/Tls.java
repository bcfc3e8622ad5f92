package io.secretreg.connect;

import java.nio.file.FileSystemException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Key and trust stores, in all the forms that Kafka's own clients read (KIP-651 for PEM), and by Kafka's own code. */
final class Tls {
    private final Map<String, Object> configs;
    private DefaultSslEngineFactory factory;

    /** Fails with ConfigException where a store cannot be read. */
    Tls(Map<String, String> settings) {
        configs = new ConfigDef().withClientSslSupport().parse(settings);
        factory = load();
    }

    SSLContext context() {
        return factory.sslContext();
    }

    /** Loads again what was replaced on disk, as a certificate that is renewed. True where it was. One that is half written is tried again. */
    boolean reload() throws Failure {
        if (!factory.shouldBeRebuilt(configs)) return false;
        try {
            factory = load();
            return true;
        } catch (ConfigException e) {
            throw Failure.before(e.getMessage());
        }
    }

    private DefaultSslEngineFactory load() {
        DefaultSslEngineFactory loaded = new DefaultSslEngineFactory();
        try {
            loaded.configure(configs);
            return loaded;
        } catch (KafkaException e) {
            throw new ConfigException("the settings 'ssl.*' of the secret registry's provider cannot be used: " + reasonOf(e)
                    + "; right are a file and its 'type' (PEM, PKCS12 or JKS) and password");
        }
    }

    /** The innermost text: Kafka's outer ones only say that something failed. None of them shows a password. */
    private static String reasonOf(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) inner = inner.getCause();
        // Its text is the name of the file and no more.
        if (inner instanceof FileSystemException) return Shown.name(inner.getMessage()) + " is not there, or not readable for the user of the worker";
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
