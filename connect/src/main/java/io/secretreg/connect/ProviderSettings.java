package io.secretreg.connect;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of one provider, parsed once. Two are equal where they come from the same parameters. */
public final class ProviderSettings {
    private final Map<String, String> params;
    private final List<URI> urls;
    private final Credentials credentials;
    private final Map<String, String> tls;
    private final Duration connectTimeout;
    private final Duration requestTimeout;
    private final Duration totalTimeout;
    private final Duration downMemory;
    private final int retries;
    private final boolean failsOnMissing;
    private final boolean servesLastKnown;
    private final Duration lastKnownMaxAge;
    private final Long ttl;

    private ProviderSettings(Map<String, String> params) {
        this.params = params;
        urls = RegistryUrls.parse(params);
        tls = tlsOf(params);
        credentials = Credentials.parse(params);
        connectTimeout = Setting.CONNECT_TIMEOUT.milliseconds(params);
        requestTimeout = Setting.REQUEST_TIMEOUT.milliseconds(params);
        totalTimeout = Setting.TOTAL_TIMEOUT.milliseconds(params);
        downMemory = Setting.DOWN_MEMORY.milliseconds(params);
        retries = (int) Setting.RETRIES.number(params, 0, 10, "retries");
        failsOnMissing = Setting.MISSING.choice(params, "fail", "literal").equals("fail");
        servesLastKnown = Setting.UNREACHABLE.choice(params, "last", "fail").equals("last");
        lastKnownMaxAge = Duration.ofMillis(
                Setting.UNREACHABLE_MAX_AGE.number(params, 1, Long.MAX_VALUE / 1_000_000, "milliseconds"));
        ttl = Setting.TTL.text(params) == null
                ? null
                : (Long) Setting.TTL.number(params, 1, Long.MAX_VALUE, "milliseconds");
    }

    /** Parses {@code config.providers.NAME.param.*} without that prefix. Fails with ConfigException. */
    public static ProviderSettings parse(Map<String, ?> configs) {
        Map<String, String> params = new TreeMap<>();
        for (Map.Entry<String, ?> one : configs.entrySet()) {
            if (one.getValue() != null) params.put(one.getKey(), one.getValue().toString());
        }
        return new ProviderSettings(Collections.unmodifiableMap(params));
    }

    /** Sentences about parameters that do nothing here. None where everything is right. */
    public List<String> warnings() {
        List<String> ofServer = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : params.keySet()) {
            if (Setting.isKnown(name)) continue;
            boolean isOfServer = name.startsWith("master.")
                    || name.startsWith("kafkastore.")
                    || name.startsWith("secret.registry.");
            (isOfServer ? ofServer : unknown).add(name);
        }
        List<String> warnings = new ArrayList<>();
        if (!ofServer.isEmpty()) {
            warnings.add("settings " + Shown.names(ofServer)
                    + " of the secret registry's provider belong to the server and do nothing in a worker: move them to the file"
                    + " that 'secretreg serve --worker-config FILE' reads");
        }
        for (String name : unknown) {
            warnings.add("setting " + Shown.name(name) + " of the secret registry's provider is not known and does nothing;"
                    + " the known ones: " + String.join(", ", Setting.names()));
        }
        return warnings;
    }

    /** Where the registry is, in the order in which it is asked; without a slash at the end. */
    public List<URI> urls() {
        return urls;
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Kafka's {@code ssl.*} settings, as text; empty where none is set. */
    Map<String, String> tls() {
        return tls;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** For one call, with everything that is tried in it. */
    public Duration totalTimeout() {
        return totalTimeout;
    }

    public Duration downMemory() {
        return downMemory;
    }

    public int retries() {
        return retries;
    }

    boolean failsOnMissing() {
        return failsOnMissing;
    }

    boolean servesLastKnown() {
        return servesLastKnown;
    }

    Duration lastKnownMaxAge() {
        return lastKnownMaxAge;
    }

    /** Null where values have none. */
    Long ttl() {
        return ttl;
    }

    /** For a message. */
    String place() {
        String all = urls.toString();
        return all.substring(1, all.length() - 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProviderSettings && params.equals(((ProviderSettings) other).params);
    }

    @Override
    public int hashCode() {
        return params.hashCode();
    }

    private static Map<String, String> tlsOf(Map<String, String> params) {
        Map<String, String> tls = new LinkedHashMap<>();
        for (Setting setting : Setting.ofTls()) {
            String value = setting.key.endsWith("password") ? setting.secret(params) : setting.text(params);
            if (value != null && !value.equals(setting.standard)) tls.put(setting.key, value);
        }
        return tls;
    }
}
