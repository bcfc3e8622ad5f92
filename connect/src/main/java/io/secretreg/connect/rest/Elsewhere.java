package io.secretreg.connect.rest;

import io.secretreg.connect.HandedOut;
import io.secretreg.connect.ProviderSettings;
import io.secretreg.connect.RegistryClient;
import io.secretreg.connect.SecretReader;
import io.secretreg.connect.SecretRegistryException;
import io.secretreg.connect.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that another worker of the cluster was handed. Any worker answers for a connector's tasks, wherever they run, so it
 * reads what that connector can refer to before it shows what may hold it: as the worker itself, at most once in a minute.
 * While that cannot be read, what may hold it is not shown: this worker may have started after the other one got its values.
 */
final class Elsewhere implements AutoCloseable {
    private static final long KNOWN_NANOS = 60_000_000_000L;
    private static final long UNKNOWN_NANOS = 2_000_000_000L;
    private static final int MOST = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

    private final HandedOut handedOut;
    private final List<RegistryClient> registries = new ArrayList<>();
    /** When each connector was read for, and why that failed; empty where it did not. */
    private final Map<String, Map.Entry<Long, String>> read = new ConcurrentHashMap<>();

    Elsewhere(Collection<ProviderSettings> providers, HandedOut handedOut) {
        this.handedOut = handedOut;
        for (ProviderSettings provider : providers) registries.add(new RegistryClient(provider));
    }

    /** Why it is not known, or an empty text where it is. Whoever asks for the same connector meanwhile waits for it. */
    String learn(String connector) {
        if (read.size() >= MOST) read.clear();
        return read.compute(connector, this::learned).getValue();
    }

    @Override
    public void close() {
        for (RegistryClient registry : registries) registry.close();
    }

    private Map.Entry<Long, String> learned(String connector, Map.Entry<Long, String> before) {
        long now = System.nanoTime();
        if (before != null && now - before.getKey() < (before.getValue().isEmpty() ? KNOWN_NANOS : UNKNOWN_NANOS)) return before;
        String unknown = "";
        for (RegistryClient registry : registries) {
            try {
                Map<String, String> values = new SecretReader(registry).read(connector, null);
                for (String key : values.keySet()) handedOut.add(registry.settings(), connector, key, values.get(key));
            } catch (SecretRegistryException e) {
                // What cannot be the name of a path has no secrets.
                if (e.status() == Refusal.UNPROCESSABLE) continue;
                LOG.info("secret registry: what may hold secrets of connector {} is not shown: {}", Shown.name(connector), e.getMessage());
                unknown = e.getMessage();
            }
        }
        return Map.entry(now, unknown);
    }
}
