package io.secretreg.connect.rest;

import io.secretreg.connect.Reference;
import io.secretreg.connect.ReferenceScanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds values in texts, in one pass, however many there are. Of a connector's own secrets one is found where it is all of a
 * text, and inside a text from 4 characters on. Another connector's word, such as its user name "kafka", must not be taken
 * for one in every class name: those are found from 12 characters on, where no text is equal by chance.
 */
final class HiddenTexts {
    static final int LEAST_INSIDE = 4;
    static final int LEAST_OF_OTHERS = 12;
    /** In the name of a setting, which a configuration cannot do without. */
    static final int LEAST_IN_NAMES = 16;

    /** Stands for a text that took too long, so that nobody holds up a worker by texts that are almost values. */
    static final String TOO_ALIKE = "[hidden: too much in this text is like the beginning of a secret]";
    /** Comparisons of characters, for each one of a text; and as many as for one of this length more. */
    static final int MOST_STEPS = 1000;
    private static final int LEAST_LENGTH = 100;

    private final Map<String, List<Hidden>> whole = new HashMap<>();
    /** By their first 4 characters, the longest first. */
    private final Map<Long, List<Hidden>> beginnings = new HashMap<>();
    private final Set<String> providers;

    HiddenTexts(Collection<Hidden> all, Set<String> providers) {
        this.providers = providers;
        for (Hidden hidden : new LinkedHashSet<>(all)) {
            add(whole, hidden.text(), hidden);
            if (hidden.length() >= LEAST_INSIDE) add(beginnings, beginning(hidden.text(), 0), hidden);
        }
        for (List<Hidden> list : beginnings.values()) Collections.sort(list);
    }

    /** The text with references for values. {@code connector} is whom it is about, or null. */
    String hide(String text, String connector) {
        return search(text, connector, LEAST_INSIDE).shown();
    }

    String hideInName(String name, String connector) {
        return search(name, connector, LEAST_IN_NAMES).shown();
    }

    Search search(String text, String connector, int least) {
        return new Search(text, connector, least);
    }

    /** Of one text. */
    final class Search {
        private final String text;
        private final String connector;
        private final int least;
        /** In their order; those that end before where the search is are passed for good. */
        private List<Reference> references;
        private int passed;
        private long steps;

        private Search(String text, String connector, int least) {
            this.text = text;
            this.connector = connector;
            this.least = least;
        }

        /** How much work it was. */
        long steps() {
            return steps;
        }

        String shown() {
            Hidden all = least == LEAST_IN_NAMES ? null : best(whole.getOrDefault(text, List.of()), 1, 0);
            String shown = all != null ? all.reference() : inside();
            return isTooLong() ? TOO_ALIKE : shown;
        }

        private boolean isTooLong() {
            return steps > (long) MOST_STEPS * (text.length() + LEAST_LENGTH);
        }

        /** Values that overlap go together, under the reference of the longest: what is left of one could be most of it. */
        private String inside() {
            StringBuilder shown = null;
            int copied = 0;
            int position = 0;
            while (position + LEAST_INSIDE <= text.length() && !isTooLong()) {
                Hidden found = at(position);
                if (found == null || isInReference(position, position + found.length())) {
                    position += 1;
                    continue;
                }
                int start = position;
                int end = start + found.length();
                for (position += 1; position < end && position + LEAST_INSIDE <= text.length() && !isTooLong(); position += 1) {
                    Hidden other = at(position);
                    if (other == null) continue;
                    if (position + other.length() > end) end = position + other.length();
                    if (other.length() > found.length()) found = other;
                }
                if (shown == null) shown = new StringBuilder(text.length() + 64);
                shown.append(text, copied, start).append(found.reference());
                copied = end;
                position = end;
            }
            return shown == null ? text : shown.append(text, copied, text.length()).toString();
        }

        private Hidden at(int position) {
            List<Hidden> candidates = beginnings.get(beginning(text, position));
            return candidates == null ? null : best(candidates, least, position);
        }

        /** The longest that stands there; of equal ones the connector's own, whose reference it may have. */
        private Hidden best(List<Hidden> candidates, int least, int position) {
            Hidden best = null;
            for (Hidden one : candidates) {
                if (isTooLong() || (best != null && one.length() < best.length())) break;
                int leastOfIt = one.isOf(connector) ? least : Math.max(least, LEAST_OF_OTHERS);
                if (one.length() < leastOfIt || !stands(one.text(), position)) continue;
                if (best == null || (!best.isOf(connector) && one.isOf(connector))) best = one;
            }
            return best;
        }

        private boolean stands(String value, int position) {
            if (position + value.length() > text.length()) return false;
            int same = 0;
            while (same < value.length() && value.charAt(same) == text.charAt(position + same)) same += 1;
            steps += same + 1;
            return same == value.length();
        }

        /** What stands in a reference is names, which are no secret, even where they are a value too. */
        private boolean isInReference(int start, int end) {
            if (references == null) references = ReferenceScanner.scan(text);
            for (; passed < references.size(); passed += 1) {
                Reference one = references.get(passed);
                steps += 1;
                if (one.end() > start) return one.start() <= start && end <= one.end() && providers.contains(one.provider());
            }
            return false;
        }
    }

    private static <K> void add(Map<K, List<Hidden>> lists, K key, Hidden hidden) {
        List<Hidden> list = lists.get(key);
        if (list == null) lists.put(key, list = new ArrayList<>());
        list.add(hidden);
    }

    /** Four characters as one number. */
    private static long beginning(String text, int at) {
        return (long) text.charAt(at) << 48 | (long) text.charAt(at + 1) << 32 | (long) text.charAt(at + 2) << 16 | text.charAt(at + 3);
    }
}
