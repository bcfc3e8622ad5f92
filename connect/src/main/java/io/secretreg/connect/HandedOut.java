package io.secretreg.connect;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the providers of this process gave out, so that the REST extension knows what must not be shown. Of each secret
 * the newest values are kept, since a task runs on with an old one until it is restarted. Bounded: beyond the bound the
 * secrets go that were asked for the longest ago.
 */
public final class HandedOut {
    static final int VALUES_OF_ONE_SECRET = 8;
    static final long MOST_CHARACTERS = 64L * 1024 * 1024;

    /** Of the whole process: provider and extension are loaded by the same class loader, from one plugin folder. */
    private static final HandedOut PROCESS = new HandedOut(MOST_CHARACTERS);

    private static final Logger LOG = LoggerFactory.getLogger(HandedOut.class);

    private final long mostCharacters;
    /** By provider, path and key, in the order of their last use, oldest first. */
    private final Map<List<Object>, Set<String>> values = new LinkedHashMap<>();
    private long characters;
    private long generation;

    HandedOut(long mostCharacters) {
        this.mostCharacters = mostCharacters;
    }

    public static HandedOut process() {
        return PROCESS;
    }

    public synchronized void add(ProviderSettings provider, String path, String key, String value) {
        List<Object> place = List.of(provider, path, key);
        Set<String> known = values.remove(place);
        if (known == null) known = new LinkedHashSet<>();
        values.put(place, known);
        if (known.remove(value)) {
            known.add(value);
            return;
        }
        known.add(value);
        characters += value.length();
        generation += 1;
        if (known.size() > VALUES_OF_ONE_SECRET) forgetFirst(known);
        while (characters > mostCharacters && values.size() > 1) forgetOldest();
    }

    /** Each value with its place; the newest value of a place last. */
    public synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<List<Object>, Set<String>> one : values.entrySet()) {
            for (String value : one.getValue()) entries.add(new Entry(one.getKey(), value));
        }
        return entries;
    }

    /** Another number means that there are values which were not there before. */
    public synchronized long generation() {
        return generation;
    }

    private void forgetFirst(Set<String> known) {
        Iterator<String> oldest = known.iterator();
        characters -= oldest.next().length();
        oldest.remove();
    }

    private void forgetOldest() {
        Iterator<Set<String>> oldest = values.values().iterator();
        for (String value : oldest.next()) characters -= value.length();
        oldest.remove();
        LOG.warn("more values were handed out than are kept in mind: the oldest are no longer hidden in answers of this worker");
    }

    /** A value and where it came from. It prints as its place. */
    public static final class Entry {
        private final List<Object> place;
        private final String value;

        private Entry(List<Object> place, String value) {
            this.place = place;
            this.value = value;
        }

        /** Equal to the settings that are parsed from the same parameters. */
        public ProviderSettings provider() {
            return (ProviderSettings) place.get(0);
        }

        public String path() {
            return (String) place.get(1);
        }

        public String key() {
            return (String) place.get(2);
        }

        public String value() {
            return value;
        }

        @Override
        public String toString() {
            return "[secret] of path " + Shown.name(path()) + ", key " + Shown.name(key());
        }
    }
}
