package io.secretreg.connect;

import io.secretreg.connect.rest.Guard;
import io.secretreg.connect.rest.Registration;
import io.secretreg.connect.rest.RestSettings;
import java.util.Map;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker needs beside the provider: a connector refers to secrets under its own name only, a value that was resolved
 * leaves no answer of the worker's REST API, and by two settings more, the registry is asked who may configure a connector,
 * and its routes stand on the worker's port. Workers of 3.x and 4.x load it from one jar: see {@link Registration}.
 */
public final class SecretRegistryRestExtension implements ConnectRestExtension {
    private static final Logger LOG = LoggerFactory.getLogger(SecretRegistryRestExtension.class);

    private RestSettings settings;
    private Guard guard;

    @Override
    public String version() {
        return Version.NUMBER;
    }

    /** Fails with ConfigException, which stops the start of the worker: without its rule it must not take a connector. */
    @Override
    public void configure(Map<String, ?> configs) {
        settings = RestSettings.parse(configs);
    }

    @Override
    public void register(ConnectRestExtensionContext context) {
        guard = new Guard(settings, HandedOut.process());
        Registration.register(context, guard);
        LOG.info("secret registry: {}", settings);
    }

    @Override
    public void close() {
        if (guard != null) guard.close();
    }
}
