package io.secretreg.connect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** How the worker proves who it is: the value of the header {@code Authorization}, which is never in a message. */
public final class Credentials {
    private final Setting source;
    private final String value;

    private Credentials(Setting source, String value) {
        this.source = source;
        this.value = value;
    }

    static Credentials parse(Map<String, String> params) {
        List<Setting> given = new ArrayList<>();
        for (Setting setting : List.of(Setting.TOKEN_FILE, Setting.TOKEN, Setting.BASIC)) {
            if (setting.secret(params) != null) given.add(setting);
        }
        if (given.size() > 1) {
            throw given.get(1).wrong("stands beside '" + given.get(0).key + "'", "a worker proves itself in one way only");
        }
        if (given.isEmpty()) return ofCertificate(params);
        Setting source = given.get(0);
        if (source == Setting.TOKEN_FILE) return new Credentials(source, source.text(params));
        if (source == Setting.TOKEN) return new Credentials(source, "Bearer " + token(source.text(params), source, ""));
        String userInfo = source.secret(params);
        if (userInfo.indexOf(':') < 1) throw source.wrong("has no ':' behind a user name", "it takes USER:PASSWORD");
        byte[] bytes = userInfo.getBytes(StandardCharsets.UTF_8);
        return new Credentials(source, "Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    /** Read anew from a token's file each time, so that a new token needs no restart. Null where a certificate says it all. */
    public String authorization() {
        if (source != Setting.TOKEN_FILE) return value;
        String place = " " + Shown.name(value);
        try {
            return "Bearer " + token(Files.readString(Path.of(value)).strip(), source, place);
        } catch (InvalidPathException e) {
            throw unreadable("cannot be the name of a file");
        } catch (NoSuchFileException e) {
            throw unreadable("does not exist");
        } catch (IOException e) {
            throw unreadable("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** For a sentence about a log-in that the registry refused. */
    String description() {
        if (source == Setting.KEYSTORE_LOCATION) return "the certificate of 'ssl.keystore.*'";
        if (source == Setting.BASIC) return "the user name and password of 'basic.auth.user.info'";
        return "the token of '" + source.key + "'" + (source == Setting.TOKEN_FILE ? " " + Shown.name(value) : "");
    }

    private static Credentials ofCertificate(Map<String, String> params) {
        boolean hasCertificate =
                Setting.KEYSTORE_LOCATION.text(params) != null || Setting.KEYSTORE_CHAIN.secret(params) != null;
        if (hasCertificate) return new Credentials(Setting.KEYSTORE_LOCATION, null);
        throw Setting.TOKEN_FILE.wrong("is missing",
                "the worker needs it, or 'token', 'basic.auth.user.info' or a certificate in 'ssl.keystore.*'");
    }

    /** What cannot stand in a header would be quoted by the exception of whoever puts it there. */
    private static String token(String text, Setting source, String place) {
        if (text.matches("[\\x21-\\x7e]+")) return text;
        String problem = text.isEmpty() ? "is empty" : "holds more than one token: there is white space, or a sign that no token has, in it";
        ConfigException refused = source.wrong(place.isEmpty() ? problem : "names the file" + place + ", which " + problem, "it takes one token");
        if (source == Setting.TOKEN) throw refused;
        throw new RegistryUnreachableException(refused.getMessage());
    }

    /** The registry has refused nothing: while a new file takes the place of the old one, the last values may be served. */
    private RegistryUnreachableException unreadable(String problem) {
        return new RegistryUnreachableException(
                "the token's file " + Shown.name(value) + " of setting 'token.file' " + problem
                        + ": it must be there, and readable for the user of the worker");
    }
}
