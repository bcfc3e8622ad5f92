package io.secretreg.connect.rest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.secretreg.connect.HandedOut;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
     * The value, without white space around it too, as Kafka reads settings, and each longer line of it; and how those stand in
     * other texts: in JSON, as in an error that quotes a request, in JSON in JSON, and in a URL. None where it is the name of its
     * own path or key: its reference would say it again.
     */
    static List<Hidden> of(HandedOut.Entry entry, String provider) {
        String value = entry.value();
        if (value.isEmpty() || value.equals(entry.path()) || value.equals(entry.key())) return List.of();
        String reference = "${" + provider + ":" + entry.path() + ":" + entry.key() + "}";
        Set<String> texts = new LinkedHashSet<>(List.of(value, value.trim()));
        for (String line : value.split("\\R")) {
            // A line such as "-----BEGIN PRIVATE KEY-----" is in every key.
            if (line.trim().length() >= HiddenTexts.LEAST_OF_OTHERS && !line.startsWith("-----")) texts.add(line.trim());
        }
        Set<String> forms = new LinkedHashSet<>();
        for (String text : texts) {
            String inUrl = URLEncoder.encode(text, StandardCharsets.UTF_8);
            Collections.addAll(forms, text, quoted(text), quoted(quoted(text)), inUrl, inUrl.replace("+", "%20"));
        }
        forms.removeAll(Set.of("", entry.path(), entry.key()));
        List<Hidden> all = new ArrayList<>();
        for (String form : forms) all.add(new Hidden(form, entry.path(), reference));
        return all;
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
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
