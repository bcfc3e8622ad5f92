package io.secretreg.connect;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** What was read last, by this provider alone, for the time that the registry is away. Bounded in age and in paths. */
final class LastKnown {
    private static final int MOST_PATHS = 10_000;

    private final long maxAge;
    private final LongSupplier clock;
    private final Map<String, Known> paths = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_PATHS;
        }
    };

    LastKnown(Duration maxAge, LongSupplier clock) {
        this.maxAge = maxAge.toNanos();
        this.clock = clock;
    }

    /** What was found of these keys, or of all where they are null. That one was not there is remembered too. */
    synchronized void remember(String path, Set<String> keys, Map<String, String> values) {
        long now = clock.getAsLong();
        Known known = paths.computeIfAbsent(path, it -> new Known());
        if (keys == null) {
            known.ofKeys.clear();
            known.readWhole = now;
        } else {
            for (String key : keys) known.ofKeys.put(key, new Remembered(null, now));
        }
        values.forEach((key, value) -> known.ofKeys.put(key, new Remembered(value, now)));
    }

    synchronized void forget(String path) {
        paths.remove(path);
    }

    /** Null where one of the keys was never read, or too long ago. */
    synchronized Values recall(String path, Set<String> keys) {
        Known known = paths.get(path);
        if (known == null || (keys == null && known.readWhole == null)) return null;
        Set<String> wanted = keys == null ? known.ofKeys.keySet() : keys;
        Map<String, String> values = new HashMap<>();
        long now = clock.getAsLong();
        long age = keys == null ? now - known.readWhole : 0;
        for (String key : wanted) {
            Remembered one = known.ofKeys.get(key);
            if (one == null) return null;
            age = Math.max(age, now - one.readAt);
            if (one.value != null) values.put(key, one.value);
        }
        return age > maxAge ? null : new Values(values, age);
    }

    static final class Values {
        private final Map<String, String> values;
        private final long age;

        private Values(Map<String, String> values, long age) {
            this.values = values;
            this.age = age;
        }

        Map<String, String> values() {
            return values;
        }

        /** Of the oldest one. */
        long ageSeconds() {
            return Duration.ofNanos(age).toSeconds();
        }
    }

    private static final class Known {
        private final Map<String, Remembered> ofKeys = new HashMap<>();
        /** When all keys were read at once; null where they never were. */
        private Long readWhole;
    }

    private static final class Remembered {
        /** Null where there was none. */
        private final String value;
        private final long readAt;

        private Remembered(String value, long readAt) {
            this.value = value;
            this.readAt = readAt;
        }
    }
}
