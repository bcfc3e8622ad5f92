package io.secretreg.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read last, by this provider alone, for the time that the registry is away. Bounded in age, in the keys of a path and
 * in all: of paths those go that were read the longest ago.
 */
final class LastKnown {
    private static final Logger LOG = LoggerFactory.getLogger(LastKnown.class);
    static final int MOST_KEYS = 2 * SecretReader.MOST_KEYS;
    /** In characters, with what an entry takes beside its own. */
    static final long MOST_CHARACTERS = 64L * 1024 * 1024;
    private static final int OF_ENTRY = 100;

    private final long maxAge;
    private final LongSupplier clock;
    /** In the order of their last reading, oldest first. */
    private final Map<String, Map<String, Remembered>> paths = new LinkedHashMap<>();

    private long characters;

    LastKnown(Duration maxAge, LongSupplier clock) {
        this.maxAge = maxAge.toNanos();
        this.clock = clock;
    }

    /** What was found of these keys, or of all where they are null. That one was not there is remembered too. */
    synchronized void remember(String path, Set<String> keys, Map<String, String> values) {
        long now = clock.getAsLong();
        Map<String, Remembered> known = forget(path);
        if (known == null || keys == null || known.size() + keys.size() > MOST_KEYS) known = new HashMap<>();
        // For the key null: when the whole path was read.
        if (keys == null) known.put(null, new Remembered(null, now));
        else for (String key : keys) known.put(key, new Remembered(null, now));
        for (Map.Entry<String, String> one : values.entrySet()) known.put(one.getKey(), new Remembered(one.getValue(), now));
        paths.put(path, known);
        characters += charactersOf(path, known);
        while (characters > MOST_CHARACTERS) forget(paths.keySet().iterator().next());
    }

    /** What was known of it, or null. */
    synchronized Map<String, Remembered> forget(String path) {
        Map<String, Remembered> known = paths.remove(path);
        if (known != null) characters -= charactersOf(path, known);
        return known;
    }

    synchronized void forgetAll() {
        paths.clear();
        characters = 0;
    }

    /** Of all that is kept. */
    synchronized long characters() {
        return characters;
    }

    /** The values of these keys, or of all, which a line of the log tells with {@code why}; null where one was never read, or too long ago. */
    synchronized Map<String, String> recall(String path, Set<String> keys, String why) {
        Map<String, Remembered> known = paths.get(path);
        if (known == null || (keys == null && !known.containsKey(null))) return null;
        Map<String, String> values = new HashMap<>();
        long age = 0;
        for (String key : keys == null ? known.keySet() : keys) {
            Remembered one = known.get(key);
            if (one == null) return null;
            age = Math.max(age, clock.getAsLong() - one.readAt);
            if (one.value != null) values.put(key, one.value);
        }
        if (age > maxAge) return null;
        LOG.warn("path {} is served with the values that were read {} s ago: {}", Shown.name(path), age / 1_000_000_000, why);
        return values;
    }

    private static long charactersOf(String path, Map<String, Remembered> known) {
        long sum = OF_ENTRY + path.length();
        for (Map.Entry<String, Remembered> one : known.entrySet()) {
            String value = one.getValue().value;
            sum += OF_ENTRY + (one.getKey() == null ? 0 : one.getKey().length()) + (value == null ? 0 : value.length());
        }
        return sum;
    }

    static final class Remembered {
        /** Null where there was none. */
        private final String value;
        private final long readAt;

        private Remembered(String value, long readAt) {
            this.value = value;
            this.readAt = readAt;
        }
    }
}
