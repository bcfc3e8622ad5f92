package io.secretreg.connect;

import java.util.Map;

/** Values that were handed out, for tests that need some of their own. */
public final class HandedOuts {
    private HandedOuts() {}

    public static HandedOut none() {
        return new HandedOut(HandedOut.MOST_CHARACTERS);
    }

    public static ProviderSettings provider(String url) {
        return ProviderSettings.parse(Map.of("url", url, "token", "worker-token"));
    }
}
