package io.secretreg.connect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/**
 * Every setting of a provider, {@code config.providers.NAME.param.*}, with its default where it has one. What it refuses it
 * names, with what would be right, and without the value of a secret one.
 */
enum Setting {
    URL("url"),
    INSECURE_HTTP("insecure.http", "false"),
    TOKEN_FILE("token.file"),
    TOKEN("token"),
    BASIC("basic.auth.user.info"),
    TRUSTSTORE_TYPE("ssl.truststore.type", "JKS"),
    TRUSTSTORE_LOCATION("ssl.truststore.location"),
    TRUSTSTORE_PASSWORD("ssl.truststore.password"),
    TRUSTSTORE_CERTIFICATES("ssl.truststore.certificates"),
    KEYSTORE_TYPE("ssl.keystore.type", "JKS"),
    KEYSTORE_LOCATION("ssl.keystore.location"),
    KEYSTORE_PASSWORD("ssl.keystore.password"),
    KEYSTORE_KEY("ssl.keystore.key"),
    KEYSTORE_CHAIN("ssl.keystore.certificate.chain"),
    KEY_PASSWORD("ssl.key.password"),
    CONNECT_TIMEOUT("connect.timeout.ms", "2000"),
    REQUEST_TIMEOUT("request.timeout.ms", "5000"),
    RETRIES("retries", "2"),
    TOTAL_TIMEOUT("total.timeout.ms", "5000"),
    DOWN_MEMORY("down.memory.ms", "2000"),
    MISSING("missing", "fail"),
    UNREACHABLE("unreachable", "last"),
    UNREACHABLE_MAX_AGE("unreachable.max.age.ms", "86400000"),
    TTL("ttl.ms");

    final String key;
    /** Null where there is none. */
    final String standard;

    Setting(String key) {
        this(key, null);
    }

    Setting(String key, String standard) {
        this.key = key;
        this.standard = standard;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Setting setting : values()) names.add(setting.key);
        return names;
    }

    static boolean isKnown(String key) {
        return names().contains(key);
    }

    /** Those that Kafka's own {@code ssl.*} configuration reads, by Kafka's names. */
    static List<Setting> ofTls() {
        List<Setting> found = new ArrayList<>();
        for (Setting setting : values()) {
            if (setting.key.startsWith("ssl.")) found.add(setting);
        }
        return found;
    }

    ConfigException wrong(String problem, String right) {
        return new ConfigException("setting '" + key + "' of the secret registry's provider " + problem + ": " + right);
    }

    /** Null where it is not set, or empty, and has no default. */
    String text(Map<String, String> params) {
        String value = params.get(key);
        return value == null || value.isBlank() ? standard : value.trim();
    }

    /** To the letter: white space may belong to a password. */
    String secret(Map<String, String> params) {
        String value = params.get(key);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean flag(Map<String, String> params) {
        return choice(params, "true", "false").equals("true");
    }

    String choice(Map<String, String> params, String... choices) {
        String value = text(params);
        if (Arrays.asList(choices).contains(value)) return value;
        throw wrong("is " + Shown.name(value), "it takes " + String.join(" or ", choices));
    }

    Duration milliseconds(Map<String, String> params) {
        return Duration.ofMillis(number(params, 1, Integer.MAX_VALUE, "milliseconds"));
    }

    long number(Map<String, String> params, long least, long most, String unit) {
        String value = text(params);
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // As one out of bounds.
        }
        throw wrong("is " + Shown.name(value), "it takes a whole number of " + unit + " from " + least + " to " + most);
    }
}
