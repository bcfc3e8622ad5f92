package io.secretreg.connect;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Parts of a URL's path or query, percent-encoded once: what is not unreserved in RFC 3986, 2.3. */
public final class Segments {
    /** As the registry's own names, in code points. */
    private static final int LONGEST_NAME = 255;
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private Segments() {}

    /** Fails for what is no name: empty, too long, or with a meaning of its own between two slashes (RFC 3986, 5.2.4). */
    public static String segment(String name) {
        boolean isLong = name.codePointCount(0, name.length()) > LONGEST_NAME;
        if (isLong || name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new SecretRegistryException(
                    SecretRegistryException.UNPROCESSABLE, Shown.name(name) + " cannot be the name of a secret's path");
        }
        return encoded(name);
    }

    /** Fails for half a surrogate pair, which UTF-8 does not have: Java would send a question mark, another name. */
    public static String encoded(String text) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new SecretRegistryException(
                    SecretRegistryException.UNPROCESSABLE, Shown.name(text) + " holds half of a surrogate pair");
        }
        StringBuilder encoded = new StringBuilder();
        while (bytes.hasRemaining()) {
            int octet = bytes.get() & 0xff;
            if (UNRESERVED.indexOf(octet) >= 0) encoded.append((char) octet);
            else encoded.append(String.format("%%%02X", octet));
        }
        return encoded.toString();
    }
}
