package io.secretreg.connect.rest;

import io.secretreg.connect.Reference;
import io.secretreg.connect.ReferenceScanner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
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

    private final Map<String, List<Hidden>> whole = new HashMap<>();
    /** By their first 4 characters, the longest first. */
    private final Map<Long, List<Hidden>> beginnings = new HashMap<>();
    private final Set<String> providers;

    HiddenTexts(Collection<Hidden> all, Set<String> providers) {
        this.providers = providers;
        for (Hidden hidden : all) {
            add(whole, hidden.text(), hidden);
            if (hidden.length() >= LEAST_INSIDE) add(beginnings, beginning(hidden.text(), 0), hidden);
        }
        for (List<Hidden> list : beginnings.values()) Collections.sort(list);
    }

    /** The text with references for values. {@code connector} is whom it is about, or null. */
    String hide(String text, String connector) {
        Hidden all = best(whole.getOrDefault(text, List.of()), connector, 1, text, 0);
        return all != null ? all.reference() : inside(text, connector, LEAST_INSIDE);
    }

    String hideInName(String name, String connector) {
        return inside(name, connector, LEAST_IN_NAMES);
    }

    /** Values that overlap go together, under the reference of the longest: what is left of one could be most of it. */
    private String inside(String text, String connector, int least) {
        StringBuilder shown = null;
        List<Reference> references = null;
        int copied = 0;
        int position = 0;
        while (position + LEAST_INSIDE <= text.length()) {
            Hidden found = at(text, position, connector, least);
            if (found == null) {
                position += 1;
                continue;
            }
            if (references == null) references = ours(text);
            if (isInside(references, position, position + found.length())) {
                position += 1;
                continue;
            }
            int start = position;
            int end = start + found.length();
            for (position += 1; position < end && position + LEAST_INSIDE <= text.length(); position += 1) {
                Hidden other = at(text, position, connector, least);
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

    private Hidden at(String text, int position, String connector, int least) {
        List<Hidden> candidates = beginnings.get(beginning(text, position));
        return candidates == null ? null : best(candidates, connector, least, text, position);
    }

    /** The longest that stands there; of equal ones the connector's own, whose reference it may have. */
    private static Hidden best(List<Hidden> candidates, String connector, int least, String text, int position) {
        Hidden best = null;
        for (Hidden one : candidates) {
            if (best != null && one.length() < best.length()) break;
            int leastOfIt = one.isOf(connector) ? least : Math.max(least, LEAST_OF_OTHERS);
            if (one.length() < leastOfIt || !text.startsWith(one.text(), position)) continue;
            if (best == null || (!best.isOf(connector) && one.isOf(connector))) best = one;
        }
        return best;
    }

    /** What stands in a reference is names, which are no secret, even where they are a value too. */
    private List<Reference> ours(String text) {
        List<Reference> references = new ArrayList<>();
        for (Reference one : ReferenceScanner.scan(text)) {
            if (providers.contains(one.provider())) references.add(one);
        }
        return references;
    }

    private static boolean isInside(List<Reference> references, int start, int end) {
        for (Reference one : references) {
            if (one.start() <= start && end <= one.end()) return true;
        }
        return false;
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
