package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.secretreg.connect.HandedOut;
import io.secretreg.connect.HandedOuts;
import io.secretreg.connect.ProviderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much work it is to look for values, in texts that were made to be much. */
class HiddenTextsTest {
    private final ProviderSettings provider = HandedOuts.provider("http://127.0.0.1:1");
    private final HandedOut handedOut = HandedOuts.none();

    private HiddenTexts.Search search(String text) {
        List<Hidden> all = new ArrayList<>();
        for (HandedOut.Entry entry : handedOut.entries()) all.addAll(Hidden.of(entry, "secret"));
        return new HiddenTexts(all, Set.of("secret")).search(text, "x1", HiddenTexts.LEAST_INSIDE);
    }

    @Test
    void namesInReferencesAreGoneThroughOnce() {
        handedOut.add(provider, "x1", "k", "aaaa");
        String text = "${secret:x1:aaaaaaaaaa}".repeat(20_000);
        HiddenTexts.Search search = search(text);
        assertEquals(text, search.shown());
        assertTrue(search.steps() < 5L * text.length(), () -> search.steps() + " steps");
    }

    @Test
    void aLongValueThatAlmostStandsEverywhereIsGivenUp() {
        handedOut.add(provider, "x1", "k", "a".repeat(60_000) + "b");
        HiddenTexts.Search search = search("a".repeat(400_000));
        assertEquals(HiddenTexts.TOO_ALIKE, search.shown());
        assertTrue(search.steps() < 2L * HiddenTexts.MOST_STEPS * 400_000, () -> search.steps() + " steps");
    }

    @Test
    void soAreManyValuesThatBeginAlike() {
        for (int i = 0; i < 2_000; i += 1) handedOut.add(provider, "x1", "k" + i, "aaaaaaaaaaaaaaaa" + (char) ('b' + i));
        HiddenTexts.Search search = search("a".repeat(20_000));
        assertEquals(HiddenTexts.TOO_ALIKE, search.shown());
        assertTrue(search.steps() < 2L * HiddenTexts.MOST_STEPS * 20_000, () -> search.steps() + " steps");
    }

    @Test
    void butNotInATextAsTextsAre() {
        for (int i = 0; i < 2_000; i += 1) handedOut.add(provider, "x1", "k" + i, "jdbc:postgresql://host-" + i + "/db");
        assertEquals("a ${secret:x1:k7}, password of a user and more", search("a jdbc:postgresql://host-7/db, password of a user and more").shown());
    }

    @Test
    void ofEqualValuesOneIsComparedWith() {
        for (int i = 0; i < 1_000; i += 1) handedOut.add(provider, "x1", "k" + i, "the-same-value");
        HiddenTexts.Search search = search("is the-same-value");
        assertEquals("is ${secret:x1:k0}", search.shown());
        assertTrue(search.steps() < 40, () -> search.steps() + " steps");
    }
}
