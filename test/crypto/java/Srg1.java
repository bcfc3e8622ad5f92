import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A second SRG1, written from docs/security.md; each comment names its section there. A line of standard input is one
 * call, its parts are divided by tabs and, but for the first two, in base64: `seal` or `open`, label, master key, store
 * id, path, key, version, meta, then salt and plaintext, or the sealed value. A line of output is the answer in base64, or
 * what refused it.
 */
public final class Srg1 {
    private Srg1() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] call = line.split("\t", -1);
            byte[][] parts = Arrays.stream(call).skip(2).map(Base64.getDecoder()::decode).toArray(byte[][]::new);
            Srg1Value value = new Srg1Value(call[1], parts);
            System.out.println(call[0].equals("seal") ? value.seal(parts[6], parts[7]) : value.open(parts[6]));
        }
    }

    private record Srg1Value(String label, byte[][] parts) {
        // "Sealing": header, commitment, ciphertext with its tag.
        String seal(byte[] salt, byte[] plaintext) throws GeneralSecurityException {
            byte[] header = join(new byte[] {'S', 'R', 'G', 1, 1, 0}, kid(), salt);
            byte[] aad = aad(header);
            byte[] okm = okm(salt, aad);
            byte[] ciphertext = gcm(Cipher.ENCRYPT_MODE, okm, aad).doFinal(plaintext);
            return base64(join(header, Arrays.copyOfRange(okm, 44, 76), ciphertext));
        }

        // "Opening": in this order, and nothing before the tag was checked.
        String open(byte[] sealed) throws GeneralSecurityException {
            if (sealed.length < 102) return "refused by length";
            if (!Arrays.equals(sealed, 0, 6, new byte[] {'S', 'R', 'G', 1, 1, 0}, 0, 6)) return "refused by header";
            if (!Arrays.equals(sealed, 6, 22, kid(), 0, 16)) return "refused by kid";
            byte[] aad = aad(Arrays.copyOf(sealed, 54));
            byte[] okm = okm(Arrays.copyOfRange(sealed, 22, 54), aad);
            byte[] commitment = Arrays.copyOfRange(okm, 44, 76);
            if (!MessageDigest.isEqual(commitment, Arrays.copyOfRange(sealed, 54, 86))) return "refused by commitment";
            try {
                return base64(gcm(Cipher.DECRYPT_MODE, okm, aad).doFinal(sealed, 86, sealed.length - 86));
            } catch (AEADBadTagException e) {
                return "refused by tag";
            }
        }

        // "Master key": the id of a key.
        byte[] kid() throws GeneralSecurityException {
            return hkdf(parts[0], new byte[0], utf8("secretreg/v1/kid"), 16);
        }

        // "Place": label, header, place.
        byte[] aad(byte[] header) {
            byte[] names = join(lp(parts[1]), lp(parts[2]), lp(parts[3]));
            return join(utf8(label), new byte[1], header, names, u64(new String(parts[4])), lp(parts[5]));
        }

        // "Keys of one value": key 32, nonce 12, commitment 32.
        byte[] okm(byte[] salt, byte[] aad) throws GeneralSecurityException {
            byte[] info = join(utf8(label), new byte[] {0, 1}, MessageDigest.getInstance("SHA-512").digest(aad));
            return hkdf(parts[0], salt, info, 76);
        }
    }

    private static Cipher gcm(int mode, byte[] okm, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(okm, 0, 32, "AES"), new GCMParameterSpec(128, okm, 32, 12));
        cipher.updateAAD(aad);
        return cipher;
    }

    // RFC 5869 with SHA-512, for at most 255 blocks.
    private static byte[] hkdf(byte[] key, byte[] salt, byte[] info, int length) throws GeneralSecurityException {
        byte[] extracted = hmac(salt.length == 0 ? new byte[64] : salt, key);
        byte[] block = {};
        byte[] all = {};
        for (byte i = 1; all.length < length; i++) {
            block = hmac(extracted, join(block, info, new byte[] {i}));
            all = join(all, block);
        }
        return Arrays.copyOf(all, length);
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(key, "HmacSHA512"));
        return mac.doFinal(message);
    }

    // "Notation": lp and u64.
    private static byte[] lp(byte[] part) {
        return join(ByteBuffer.allocate(4).putInt(part.length).array(), part);
    }

    private static byte[] u64(String number) {
        return ByteBuffer.allocate(8).putLong(Long.parseLong(number)).array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
