package io.secretreg.connect.rest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.secretreg.connect.HandedOut;
import java.util.ArrayList;
import java.util.List;

/** A text that must not be shown, and the reference that stands for it. It prints as the reference. */
final class Hidden implements Comparable<Hidden> {
    private final String text;
    private final String path;
    private final String reference;

    private Hidden(String text, String path, String reference) {
        this.text = text;
        this.path = path;
        this.reference = reference;
    }

    /**
     * The value and, where that differs, how it stands in JSON inside another text, as in an error that quotes a request. None
     * where it is the name of its own path or key: its reference would say it again.
     */
    static List<Hidden> of(HandedOut.Entry entry, String provider) {
        String value = entry.value();
        if (value.isEmpty() || value.equals(entry.path()) || value.equals(entry.key())) return List.of();
        String reference = "${" + provider + ":" + entry.path() + ":" + entry.key() + "}";
        List<Hidden> forms = new ArrayList<>();
        forms.add(new Hidden(value, entry.path(), reference));
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(value));
        if (!quoted.equals(value)) forms.add(new Hidden(quoted, entry.path(), reference));
        return forms;
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    /** Whether it is one that this connector, which may be null, can refer to. */
    boolean isOf(String connector) {
        return path.equals(connector);
    }

    String reference() {
        return reference;
    }

    /** Of equal texts of one path, one is enough. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Hidden && text.equals(((Hidden) other).text) && path.equals(((Hidden) other).path);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The longest first. */
    @Override
    public int compareTo(Hidden other) {
        return other.length() - length();
    }

    @Override
    public String toString() {
        return reference;
    }
}
