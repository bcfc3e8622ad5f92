package io.secretreg.connect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Names of others in a message: quoted, on one line, and not longer than people read. */
public final class Shown {
    private static final int LONGEST = 80;
    private static final int MOST = 20;

    private Shown() {}

    public static String name(String name) {
        boolean isLong = name.codePointCount(0, name.length()) > LONGEST;
        String begin = isLong ? name.substring(0, name.offsetByCodePoints(0, LONGEST)) : name;
        StringBuilder safe = new StringBuilder("'");
        for (int i = 0; i < begin.length(); i = begin.offsetByCodePoints(i, 1)) safe.append(character(begin.codePointAt(i)));
        return safe.append(isLong ? "…'" : "'").toString();
    }

    public static String names(Collection<String> names) {
        List<String> shown = new ArrayList<>();
        for (String name : names) shown.add(name(name));
        return list(shown);
    }

    /** The first ones, and how many more there are. */
    public static String list(Collection<String> all) {
        List<String> some = new ArrayList<>(all).subList(0, Math.min(MOST, all.size()));
        return String.join(", ", some) + (all.size() > MOST ? " and " + (all.size() - MOST) + " more" : "");
    }

    /** Controls, line ends and what turns the direction of writing would let a name write lines of its own into a log. */
    private static String character(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
            case Character.SURROGATE:
                return String.format("\\u%04x", codePoint);
            default:
                return Character.toString(codePoint);
        }
    }
}
