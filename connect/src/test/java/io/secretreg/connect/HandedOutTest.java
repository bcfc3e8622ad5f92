package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandedOutTest {
    private static final ProviderSettings PROVIDER = ProviderSettingsTest.parse("url=https://a", "token=t");

    @Test
    void keepsOlderValuesOfASecretBesideTheNewest() {
        HandedOut handedOut = new HandedOut(1000);
        List.of("one", "two", "one").forEach(value -> handedOut.add(PROVIDER, "p", "k", value));
        assertEquals(List.of("two", "one"), valuesOf(handedOut));
        assertEquals(2, handedOut.generation());
    }

    @Test
    void keepsABoundedNumberOfValuesOfOneSecret() {
        HandedOut handedOut = new HandedOut(1000);
        IntStream.range(0, 20).forEach(i -> handedOut.add(PROVIDER, "p", "k", "v" + i));
        assertEquals(List.of("v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19"), valuesOf(handedOut));
    }

    @Test
    void forgetsTheSecretsThatWereAskedForTheLongestAgo() {
        HandedOut handedOut = new HandedOut(10);
        try (Logged logged = new Logged()) {
            handedOut.add(PROVIDER, "p", "a", "12345");
            handedOut.add(PROVIDER, "p", "b", "67890");
            handedOut.add(PROVIDER, "p", "a", "12345");
            assertEquals(List.of(), logged.warnings());
            handedOut.add(PROVIDER, "p", "c", "x");
            assertEquals(List.of("12345", "x"), valuesOf(handedOut));
            assertEquals(1, logged.warnings().size());
        }
    }

    @Test
    void keepsTheValuesOfEachProviderApart() {
        ProviderSettings other = ProviderSettingsTest.parse("url=https://b", "token=t");
        HandedOut handedOut = new HandedOut(1000);
        handedOut.add(PROVIDER, "p", "k", "one");
        handedOut.add(other, "p", "k", "two");
        assertEquals(List.of(PROVIDER, other), handedOut.entries().stream().map(HandedOut.Entry::provider).collect(Collectors.toList()));
    }

    @Test
    void printsNoValue() {
        HandedOut handedOut = new HandedOut(1000);
        handedOut.add(PROVIDER, "p", "k", "hunter2");
        String text = handedOut.entries().toString();
        assertEquals("[[secret] of path 'p', key 'k']", text);
        assertFalse(text.contains("hunter2"));
    }

    private static List<String> valuesOf(HandedOut handedOut) {
        return handedOut.entries().stream().map(HandedOut.Entry::value).collect(Collectors.toList());
    }
}
