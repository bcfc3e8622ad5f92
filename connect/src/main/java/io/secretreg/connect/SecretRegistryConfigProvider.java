package io.secretreg.connect;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.components.Versioned;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's ConfigProvider on a secret registry: {@code ${NAME:path:key}} becomes the newest enabled value of that key. Each
 * read is authorized and audited by the registry as the worker's principal. Changes are not pushed: Kafka calls
 * {@code subscribe} nowhere.
 */
public final class SecretRegistryConfigProvider implements ConfigProvider, Versioned {
    private static final Logger LOG = LoggerFactory.getLogger(SecretRegistryConfigProvider.class);
    /** A worker makes several providers from the same settings, and each sentence is worth one line. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private final LongSupplier clock;
    private ProviderSettings settings;
    private RegistryClient client;
    private LastKnown lastKnown;

    public SecretRegistryConfigProvider() {
        this(System::nanoTime);
    }

    SecretRegistryConfigProvider(LongSupplier nanoseconds) {
        clock = nanoseconds;
    }

    @Override
    public String version() {
        return Version.NUMBER;
    }

    @Override
    public void configure(Map<String, ?> configs) {
        close();
        settings = ProviderSettings.parse(configs);
        for (String warning : settings.warnings()) {
            if (WARNED.add(warning)) LOG.warn(warning);
        }
        client = new RegistryClient(settings);
        lastKnown = new LastKnown(settings.lastKnownMaxAge(), clock);
    }

    /** Every key of a path. */
    @Override
    public ConfigData get(String path) {
        return dataOf(path, null);
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        return dataOf(path, keys);
    }

    @Override
    public void close() {
        if (client != null) client.close();
    }

    private ConfigData dataOf(String path, Set<String> keys) {
        if (client == null) throw new ConfigException("the secret registry's provider was not configured");
        Map<String, String> values = read(path, keys);
        if (keys != null && settings.failsOnMissing()) Refusals.requireAll(path, keys, values);
        Refusals.refuseReferences(path, values);
        HandedOut handedOut = HandedOut.process();
        for (Map.Entry<String, String> one : values.entrySet()) handedOut.add(settings, path, one.getKey(), one.getValue());
        return settings.ttl() == null ? new ConfigData(values) : new ConfigData(values, settings.ttl());
    }

    private Map<String, String> read(String path, Set<String> keys) {
        try {
            Map<String, String> values = new SecretReader(client).read(path, keys);
            lastKnown.remember(path, keys, values);
            return values;
        } catch (RegistryUnreachableException e) {
            Map<String, String> known = settings.servesLastKnown() ? lastKnown.recall(path, keys, e.getMessage()) : null;
            if (known == null) throw e;
            return known;
        } catch (SecretRegistryException e) {
            // What the registry has refused since is not served when it is away.
            if (e.isOfLogIn()) lastKnown.forgetAll();
            else lastKnown.forget(path);
            throw e;
        }
    }
}
