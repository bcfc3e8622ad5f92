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
 * Where the registry is away, what was handed out here is all that is known.
 */
final class Elsewhere implements AutoCloseable {
    private static final long KNOWN_NANOS = 60_000_000_000L;
    private static final int MOST = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);

    private final HandedOut handedOut;
    private final List<RegistryClient> registries = new ArrayList<>();
    /** When each connector was read for. */
    private final Map<String, Long> read = new ConcurrentHashMap<>();

    Elsewhere(Collection<ProviderSettings> providers, HandedOut handedOut) {
        this.handedOut = handedOut;
        for (ProviderSettings provider : providers) registries.add(new RegistryClient(provider));
    }

    /** Whoever asks for the same connector meanwhile waits for it. */
    void learn(String connector) {
        if (read.size() >= MOST) read.clear();
        read.compute(connector, this::learned);
    }

    @Override
    public void close() {
        for (RegistryClient registry : registries) registry.close();
    }

    private Long learned(String connector, Long before) {
        long now = System.nanoTime();
        if (before != null && now - before < KNOWN_NANOS) return before;
        for (RegistryClient registry : registries) {
            try {
                Map<String, String> values = new SecretReader(registry).read(connector, null);
                for (String key : values.keySet()) handedOut.add(registry.settings(), connector, key, values.get(key));
            } catch (SecretRegistryException e) {
                LOG.info("secret registry: of connector {} only those values are hidden that this worker was handed: {}", Shown.name(connector), e.getMessage());
            }
        }
        return now;
    }
}
