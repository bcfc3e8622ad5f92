package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.secretreg.connect.HandedOut;
import io.secretreg.connect.HandedOuts;
import io.secretreg.connect.ProviderSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final ProviderSettings secret = HandedOuts.provider("http://127.0.0.1:1");
    private final ProviderSettings vault = HandedOuts.provider("http://127.0.0.1:2");
    private final HandedOut handedOut = HandedOuts.none();
    private final Redaction redaction = new Redaction(new TreeMap<>(Map.of("secret", secret, "vault", vault)), handedOut);

    private String shown(Call call, String json) {
        return new String(redaction.of(call, "application/json", json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** The text as the message of an error about connector x1. */
    private String message(String text) throws IOException {
        String json = JSON.writeValueAsString(Map.of("message", text));
        return JSON.readTree(shown(Calls.about("x1"), json)).get("message").textValue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pw|pw|${secret:x1:k}",
        "pw|a pw b|a pw b",
        "word|word|${secret:x1:k}",
        "word|a word b|a ${secret:x1:k} b",
        "word|wordword|${secret:x1:k}${secret:x1:k}",
        "word|swordfish|s${secret:x1:k}fish",
        "word|wor|wor",
        "word|Word|Word",
        "abcabc|abcabcabc|${secret:x1:k}",
        "a\"b\\c|said {\"p\":\"a\\\"b\\\\c\"}|said {\"p\":\"${secret:x1:k}\"}",
        "x1|x1|x1",
        "secret|${secret:x1:other}|${secret:x1:other}",
        "other|${secret:x1:other} other|${secret:x1:other} ${secret:x1:k}",
        "secret:x1:other|${env:A}secret:x1:other|${env:A}${secret:x1:k}",
        "${secret:x1:a}b|x${secret:x1:a}bx|x${secret:x1:k}x",
    })
    void theReferenceStandsForTheValue(String value, String text, String expected) throws IOException {
        handedOut.add(secret, "x1", "k", value);
        assertEquals(expected, message(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "`  padded-value-1234 \n`|padded-value-1234",
        "`a\nthe second line\nb`|is `the second line`",
        "`a\r\n  indented line \r\n`|indented line",
        "a\"b c\\d/e?|{\\\"q\\\":\\\"a\\\\\\\"b c\\\\\\\\d/e?\\\"}",
        "p w/\u00e9+&=|http://h/?a=p%20w%2F%C3%A9%2B%26%3D",
        "p w/\u00e9+&=|http://h/?a=p+w%2F%C3%A9%2B%26%3D",
    })
    void whatOthersMakeOfAValueIsHiddenToo(String value, String text) throws IOException {
        handedOut.add(secret, "x1", "k", value);
        String shown = message(text);
        assertTrue(shown.contains("${secret:x1:k}"), shown);
        assertTrue(shown.length() < text.length() + 3, shown);
    }

    @Test
    void aShortOrACommonLineIsNoSecret() throws IOException {
        handedOut.add(secret, "x1", "k", "-----BEGIN PRIVATE KEY-----\nshort\nMIIEvQIBADANBgkq\n");
        assertEquals("-----BEGIN PRIVATE KEY----- short ${secret:x1:k}", message("-----BEGIN PRIVATE KEY----- short MIIEvQIBADANBgkq"));
    }

    @Test
    void theLongestGoesFirstAndNothingIsLeftOfWhatOverlaps() throws IOException {
        handedOut.add(secret, "x1", "short", "pass");
        handedOut.add(secret, "x1", "long", "password-1");
        handedOut.add(secret, "x1", "next", "rd-1234567");
        assertEquals("a ${secret:x1:long} ${secret:x1:short}", message("a password-1 pass"));
        assertEquals("${secret:x1:long}.", message("password-1234567."));
    }

    @Test
    void theOwnReferenceIsPreferredWhereTwoSecretsAreEqual() throws IOException {
        handedOut.add(vault, "another", "k", "the-same-long-value");
        handedOut.add(vault, "x1", "k", "the-same-long-value");
        handedOut.add(secret, "b", "k", "the-same-long-value");
        assertEquals("${vault:x1:k}", message("the-same-long-value"));
        assertEquals("is ${vault:x1:k}", message("is the-same-long-value"));
    }

    @Test
    void anOldValueStaysHidden() throws IOException {
        handedOut.add(secret, "x1", "k", "old-value");
        assertEquals("${secret:x1:k}", message("old-value"));
        handedOut.add(secret, "x1", "k", "new-value");
        assertEquals("${secret:x1:k} ${secret:x1:k}", message("old-value new-value"));
    }

    @Test
    void aWordOfAnotherConnectorIsNoSecretHereButALongOneIs() throws IOException {
        handedOut.add(secret, "other", "user", "kafka");
        handedOut.add(secret, "other", "password", "0123456789ab");
        assertEquals("org.apache.kafka ${secret:other:password}", message("org.apache.kafka 0123456789ab"));
    }

    @Test
    void whatConnectItselfSaysStays() {
        handedOut.add(secret, "x1", "a", "source");
        handedOut.add(secret, "x1", "b", "RUNNING");
        handedOut.add(secret, "x1", "c", "kafka");
        handedOut.add(secret, "x1", "d", "x1-and-more");
        String status = "{\"name\":\"x1\",\"connector\":{\"state\":\"RUNNING\",\"worker_id\":\"kafka:8083\"},\"tasks\":[],\"type\":\"source\"}";
        assertEquals(status, shown(Calls.about("x1"), status));
        String names = "[\"x1\",\"source\",\"x1-and-more\"]";
        assertEquals(names, shown(Calls.connectors("GET", "listConnectors", null), names));
        String info = "{\"x1\":{\"info\":{\"name\":\"x1\",\"config\":{\"name\":\"x1\",\"connector.class\":\"org.kafka.X\",\"type\":\"source\"}}}}";
        assertEquals(
                info.replace("\"type\":\"source\"", "\"type\":\"${secret:x1:a}\""), shown(Calls.connectors("GET", "listConnectors", null), info));
    }

    @Test
    void aBareMapOfSettingsHasNoWordsOfConnect() {
        handedOut.add(secret, "x1", "k", "RUNNING");
        assertEquals("{\"state\":\"${secret:x1:k}\"}", shown(Calls.connectors("GET", "getConnectorConfig", "x1"), "{\"state\":\"RUNNING\"}"));
    }

    @Test
    void eachPartOfAListIsItsConnectors() {
        handedOut.add(secret, "x1", "k", "pass");
        handedOut.add(secret, "x2", "k", "word");
        String list = "{\"x1\":{\"status\":{\"text\":\"pass word\"}},\"x2\":{\"status\":{\"text\":\"pass word\"}}}";
        assertEquals(
                "{\"x1\":{\"status\":{\"text\":\"${secret:x1:k} word\"}},\"x2\":{\"status\":{\"text\":\"pass ${secret:x2:k}\"}}}",
                shown(Calls.connectors("GET", "listConnectors", null), list));
    }

    @Test
    void aValueThatIsANameOfASettingStaysUnlessItIsLong() {
        handedOut.add(secret, "x1", "a", "password");
        handedOut.add(secret, "x1", "b", "0123456789abcdef");
        assertEquals(
                "{\"password\":\"${secret:x1:a}\",\"x-${secret:x1:b}\":1}",
                shown(Calls.about("x1"), "{\"password\":\"password\",\"x-0123456789abcdef\":1}"));
    }

    @Test
    void numbersStayDigitByDigit() {
        handedOut.add(secret, "x1", "k", "1234");
        String numbers = "{\"a\":1.10,\"b\":123456789012345678901234567890,\"c\":1e400,\"d\":[null,true,-0.0,1234]}";
        assertEquals(numbers, shown(Calls.about("x1"), numbers));
    }

    @Test
    void whatIsNoJsonIsReadAsText() {
        handedOut.add(secret, "x1", "k", "a-password");
        assertEquals("User ${secret:x1:k} is not known.", shown(Calls.about("x1"), "User a-password is not known."));
        byte[] html = redaction.of(Calls.about("x1"), "text/html", "<p>a-password".getBytes(StandardCharsets.UTF_8));
        assertEquals("<p>${secret:x1:k}", new String(html, StandardCharsets.UTF_8));
        byte[] other = "a-password".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(other, redaction.of(Calls.about("x1"), "application/octet-stream", other));
    }

    @Test
    void whatCannotBeReadToItsEndIsNotShown() {
        handedOut.add(secret, "x1", "k", "a-password");
        String deep = "[".repeat(2000) + "\"a-password\"" + "]".repeat(2000);
        Refusal refused = assertThrows(Refusal.class, () -> shown(Calls.about("x1"), deep));
        assertEquals(500, refused.status());
        assertFalse(refused.getMessage().contains("a-password"));
    }

    /** Any JSON, with values in any text of it, of any signs. */
    @Test
    void noValueComesOutOfRandomJson() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] values = new String[20];
        for (int i = 0; i < values.length; i += 1) {
            values[i] = "v" + i + random(random, 16 + random.nextInt(20)) + "v";
            handedOut.add(i % 2 == 0 ? secret : vault, i < 15 ? "x1" : "x" + i, "k" + i, values[i]);
        }
        for (int run = 0; run < 2_000; run += 1) {
            String json = JSON.writeValueAsString(tree(random, values, 0));
            JsonNode shown = JSON.readTree(shown(Calls.about("x1"), json));
            for (String value : values) {
                assertFalse(texts(shown).contains(value), () -> "seed " + seed + ", " + json);
            }
        }
    }

    private static JsonNode tree(Random random, String[] values, int depth) {
        int kind = depth > 4 ? 2 + random.nextInt(2) : random.nextInt(4);
        if (kind == 0) {
            ArrayNode array = JSON.createArrayNode();
            for (int i = random.nextInt(4); i > 0; i -= 1) array.add(tree(random, values, depth + 1));
            // At the root it is a list of names.
            return depth == 0 ? JSON.createObjectNode().set("all", array) : array;
        }
        if (kind == 1) {
            ObjectNode object = JSON.createObjectNode();
            for (int i = random.nextInt(4); i > 0; i -= 1) object.set(text(random, values), tree(random, values, depth + 1));
            return object;
        }
        return kind == 2 ? JSON.getNodeFactory().numberNode(random.nextInt()) : JSON.getNodeFactory().textNode(text(random, values));
    }

    private static String text(Random random, String[] values) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i -= 1) {
            if (random.nextBoolean()) text.append(random(random, random.nextInt(6)));
            else text.append(values[random.nextInt(values.length)]);
        }
        return text.toString();
    }

    private static String random(Random random, int length) {
        String signs = "abc${}:\"\\\n\t\u0001/<\u00e9\u2028 ";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i += 1) {
            if (random.nextInt(12) == 0) text.appendCodePoint(0x1f600);
            else text.append(signs.charAt(random.nextInt(signs.length())));
        }
        return text.toString();
    }

    /** All texts and names, with what no text holds between them. */
    private static String texts(JsonNode node) {
        StringBuilder all = new StringBuilder();
        node.fields().forEachRemaining(one -> all.append(one.getKey()).append('\uffff').append(texts(one.getValue())));
        if (node.isArray()) node.forEach(one -> all.append(texts(one)));
        return node.isTextual() ? node.textValue() + '\uffff' : all.toString();
    }
}
