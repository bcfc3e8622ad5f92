package io.secretreg.connect;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** Reads parameters as types. What it refuses it names, with what would be right, and without showing the value of a secret one. */
final class ParamReader {
    private final Map<String, String> params;

    ParamReader(Map<String, String> params) {
        this.params = params;
    }

    static ConfigException wrong(Setting setting, String problem, String right) {
        return new ConfigException("setting '" + setting.key + "' of the secret registry's provider " + problem + ": " + right);
    }

    /** Null where it is not set, or empty, and has no default. */
    String text(Setting setting) {
        String value = params.get(setting.key);
        return value == null || value.isBlank() ? setting.standard : value.trim();
    }

    /** To the letter: white space may belong to a password. */
    String secret(Setting setting) {
        String value = params.get(setting.key);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean flag(Setting setting) {
        return choice(setting, "true", "false").equals("true");
    }

    String choice(Setting setting, String... choices) {
        String value = text(setting);
        if (Arrays.asList(choices).contains(value)) return value;
        throw wrong(setting, "is " + Shown.name(value), "it takes " + String.join(" or ", choices));
    }

    Duration milliseconds(Setting setting) {
        return Duration.ofMillis(number(setting, 1, Integer.MAX_VALUE, "milliseconds"));
    }

    long number(Setting setting, long least, long most, String unit) {
        String value = text(setting);
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // As one out of bounds.
        }
        throw wrong(setting, "is " + Shown.name(value), "it takes a whole number of " + unit + " from " + least + " to " + most);
    }
}
