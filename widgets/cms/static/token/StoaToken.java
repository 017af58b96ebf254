// GET /stoa/token for pages behind a proxy that signs people in. Java 17, nothing else:
// `java StoaToken.java` answers on 127.0.0.1; a servlet calls `token` in its own `doGet`.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.Instant;
import java.util.*;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class StoaToken {
    static final Map<String, String> ENV = System.getenv();

    static String part(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    /** A JSON string (RFC 8259 section 7). */
    static String text(String value) {
        return value.chars().mapToObj(c -> c < 32 || c == '"' || c == '\\' ? String.format("\\u%04x", c) : "" + (char) c)
            .collect(Collectors.joining("", "\"", "\""));
    }

    static String token(String user, String name, List<String> groups, byte[] secret) throws Exception {
        long now = Instant.now().getEpochSecond();
        String moderators = ENV.getOrDefault("STOA_MODERATORS", "");
        String claims = "{\"iss\":" + text(ENV.get("STOA_ISSUER")) + ",\"aud\":" + text(ENV.get("STOA_SITE"))
            + ",\"sub\":" + text(user) + ",\"iat\":" + now + ",\"exp\":" + (now + 120) + ",\"jti\":" + text(UUID.randomUUID().toString())
            + ",\"name\":" + text(name.isEmpty() ? user : name)
            + ",\"roles\":" + (groups.contains(moderators) ? "[\"moderator\"]" : "[]")
            + ",\"groups\":" + groups.stream().map(StoaToken::text).collect(Collectors.joining(",", "[", "]")) + "}";
        String head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes()) + "." + part(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return head + "." + part(mac.doFinal(head.getBytes()));
    }

    /** A header of the proxy; Java reads headers as Latin-1. */
    static String header(HttpExchange exchange, String name) {
        String value = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
        return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
    }

    public static void main(String[] args) throws Exception {
        byte[] secret = Files.readString(Path.of(ENV.get("STOA_SECRET_FILE"))).stripTrailing().getBytes(StandardCharsets.UTF_8);
        int port = Integer.parseInt(ENV.getOrDefault("PORT", "4180"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                boolean allowed = exchange.getRequestMethod().equals("GET")
                    && List.of("", "none", "same-origin").contains(header(exchange, "Sec-Fetch-Site"));
                String user = header(exchange, "X-Remote-User");
                List<String> groups = Arrays.stream(header(exchange, "X-Remote-Groups").split(",")).map(String::strip).filter(g -> !g.isEmpty()).toList();
                String made = allowed && !user.isEmpty() ? text(token(user, header(exchange, "X-Remote-Name"), groups, secret)) : "null";
                byte[] body = ("{\"token\":" + made + "}").getBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                exchange.sendResponseHeaders(allowed ? 200 : 403, body.length);
                exchange.getResponseBody().write(body);
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        });
        server.start();
    }
}
