package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderSettingsTest {
    private static final String OF_PROVIDER = " of the secret registry's provider ";

    @Test
    void hasADefaultForAllButAddressAndLogIn() {
        ProviderSettings settings = parse("url=https://a.example:8185", "token=t");
        assertEquals(Duration.ofSeconds(2), settings.connectTimeout());
        assertEquals(Duration.ofSeconds(5), settings.requestTimeout());
        assertEquals(Duration.ofSeconds(5), settings.totalTimeout());
        assertEquals(Duration.ofSeconds(2), settings.downMemory());
        assertEquals(2, settings.retries());
        assertEquals(true, settings.failsOnMissing());
        assertEquals(true, settings.servesLastKnown());
        assertEquals(Duration.ofDays(1), settings.lastKnownMaxAge());
        assertEquals(null, settings.ttl());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void readsEachOfThem() {
        ProviderSettings settings = parse(
                "url= https://a.example/registry/ ,http://localhost:1,http://[::1]:2",
                "token=t",
                "connect.timeout.ms=1",
                "request.timeout.ms=2",
                "total.timeout.ms=3",
                "down.memory.ms=4",
                "retries=0",
                "missing=literal",
                "unreachable=fail",
                "unreachable.max.age.ms=5",
                "ttl.ms=6");
        assertEquals(
                List.of(URI.create("https://a.example/registry"), URI.create("http://localhost:1"), URI.create("http://[::1]:2")),
                settings.urls());
        assertEquals(Duration.ofMillis(1), settings.connectTimeout());
        assertEquals(Duration.ofMillis(2), settings.requestTimeout());
        assertEquals(Duration.ofMillis(3), settings.totalTimeout());
        assertEquals(Duration.ofMillis(4), settings.downMemory());
        assertEquals(0, settings.retries());
        assertEquals(false, settings.failsOnMissing());
        assertEquals(false, settings.servesLastKnown());
        assertEquals(Duration.ofMillis(5), settings.lastKnownMaxAge());
        assertEquals(6L, settings.ttl());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "url | - | is missing: it is the address of the registry, such as https://registry.example.com:8185",
        "url | , | names no address: it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | https://a b | is no address: it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | registry.example.com:8185 | does not begin with https:// or http://: it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | ftp://a | does not begin with https:// or http://: it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | https://my_registry:8185 | names no host that a URL can have (letters, digits, '-' and '.'): it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | https://a/?x | has a '?' or '#' in it: it takes addresses such as https://registry.example.com:8185, with commas between them",
        "url | https://u:hunter2@a | holds a user name or password: those belong to 'basic.auth.user.info'",
        "url | http://a.example | would send secrets and credentials in clear to 'a.example': use https://, or set 'insecure.http=true' where that is meant",
        "insecure.http | yes | is 'yes': it takes true or false",
        "connect.timeout.ms | 0 | is '0': it takes a whole number of milliseconds from 1 to 2147483647",
        "request.timeout.ms | 5s | is '5s': it takes a whole number of milliseconds from 1 to 2147483647",
        "total.timeout.ms | 99999999999 | is '99999999999': it takes a whole number of milliseconds from 1 to 2147483647",
        "down.memory.ms | -1 | is '-1': it takes a whole number of milliseconds from 1 to 2147483647",
        "retries | 11 | is '11': it takes a whole number of retries from 0 to 10",
        "missing | ignore | is 'ignore': it takes fail or literal",
        "unreachable | never | is 'never': it takes last or fail",
        "unreachable.max.age.ms | x | is 'x': it takes a whole number of milliseconds from 1 to 9223372036854",
        "ttl.ms | 0 | is '0': it takes a whole number of milliseconds from 1 to 9223372036854775807",
        "token | a b | holds more than one token: there is white space, or a sign that no token has, in it: it takes one token",
        "token | - | is missing: the worker needs it, or 'token', 'basic.auth.user.info' or a certificate in 'ssl.keystore.*'",
    })
    void refusesWithASentence(String name, String value, String problem) {
        Map<String, String> params = new HashMap<>(Map.of("url", "https://a.example", "token", "t"));
        params.put(name, value);
        ConfigException refused = assertThrows(ConfigException.class, () -> ProviderSettings.parse(params));
        String asked = name.equals("token") && value == null ? "token.file" : name;
        assertEquals("setting '" + asked + "'" + OF_PROVIDER + problem, refused.getMessage());
    }

    @Test
    void takesOneWayToLogIn() {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> parse("url=https://a", "token.file=/run/t", "basic.auth.user.info=u:p"));
        assertEquals(
                "setting 'basic.auth.user.info'" + OF_PROVIDER + "stands beside 'token.file': a worker proves itself in one way only",
                refused.getMessage());
        ConfigException noColon = assertThrows(ConfigException.class, () -> parse("url=https://a", "basic.auth.user.info=hunter2"));
        assertEquals(
                "setting 'basic.auth.user.info'" + OF_PROVIDER + "has no ':' behind a user name: it takes USER:PASSWORD",
                noColon.getMessage());
    }

    @Test
    void takesHttpToAnotherMachineWhereItIsMeant() {
        assertEquals(1, parse("url=http://a.example", "insecure.http=true", "token=t").urls().size());
    }

    @Test
    void warnsOfWhatBelongsToTheServerAndOfWhatIsNotKnown() {
        ProviderSettings settings = parse(
                "url=https://a",
                "token=t",
                "master.encryption.key=hunter2",
                "kafkastore.bootstrap.servers=x",
                "secret.registry.group.id=g",
                "token.fil=hunter2");
        assertEquals(
                List.of(
                        "settings 'kafkastore.bootstrap.servers', 'master.encryption.key', 'secret.registry.group.id'" + OF_PROVIDER
                                + "belong to the server and do nothing in a worker: move them to the file that 'secretreg serve"
                                + " --worker-config FILE' reads",
                        "setting 'token.fil'" + OF_PROVIDER + "is not known and does nothing; the known ones: "
                                + "url, insecure.http, token.file, token, basic.auth.user.info, ssl.truststore.type,"
                                + " ssl.truststore.location, ssl.truststore.password, ssl.truststore.certificates, ssl.keystore.type,"
                                + " ssl.keystore.location, ssl.keystore.password, ssl.keystore.key, ssl.keystore.certificate.chain,"
                                + " ssl.key.password, connect.timeout.ms, request.timeout.ms, retries, total.timeout.ms,"
                                + " down.memory.ms, missing, unreachable, unreachable.max.age.ms, ttl.ms"),
                settings.warnings());
    }

    @Test
    void areEqualWhereTheirParametersAre() {
        assertEquals(parse("url=https://a", "token=t"), parse("token=t", "url=https://a"));
        assertNotEquals(parse("url=https://a", "token=t"), parse("url=https://a", "token=u"));
    }

    static ProviderSettings parse(String... lines) {
        Map<String, String> params = new HashMap<>();
        Arrays.stream(lines).forEach(line -> params.put(line.split("=", 2)[0], line.split("=", 2)[1]));
        return ProviderSettings.parse(params);
    }
}
