package io.secretreg.connect;

import java.util.ArrayList;
import java.util.List;

/** Every setting of a provider, {@code config.providers.NAME.param.*}, with its default where it has one. */
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
}
