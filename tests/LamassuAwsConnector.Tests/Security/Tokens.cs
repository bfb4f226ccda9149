using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>Tokens as the sandbox's issuer makes them, and as it never would.</summary>
internal static class Tokens
{
    public static string Good(TokenIssuer issuer, params string[] roles) => issuer.IssueToken("somebody", roles, TimeSpan.FromHours(1));

    /// <summary>The issuer's token with changes, signed anew with the issuer's own key.</summary>
    public static string Changed(TokenIssuer issuer, Action<JsonObject>? claims = null, Action<JsonObject>? header = null, Func<byte[], byte[]>? sign = null)
    {
        var parts = Good(issuer, "pki-admin").Split('.');
        var (newHeader, newClaims) = (Decode(parts[0]), Decode(parts[1]));
        header?.Invoke(newHeader);
        claims?.Invoke(newClaims);
        var signed = $"{Encode(newHeader)}.{Encode(newClaims)}";
        return $"{signed}.{Base64Url.EncodeToString((sign ?? SignWithIssuersKey)(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Each kind of token that has to be refused as 401, by name, with the code of the answer.</summary>
    public static IReadOnlyList<(string Name, string Token, string Code)> Bad(TokenIssuer issuer)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var issuersKey = RSA.Create();
        issuersKey.ImportFromPem(TestStage.IssuerKey);
        var publicKey = issuersKey.ExportSubjectPublicKeyInfoPem();
        using var otherKey = RSA.Create(2048);
        var good = Good(issuer, "pki-admin");
        return
        [
            ("no token at all", "", "token_missing"),
            ("no JWT", "abc", "token_invalid"),
            ("three parts of nothing", "a.b.c", "token_invalid"),
            ("expired", Changed(issuer, claims => claims["exp"] = now.AddMinutes(-5).ToUnixTimeSeconds()), "token_expired"),
            ("without an expiry", Changed(issuer, claims => claims.Remove("exp")), "token_invalid"),
            ("not valid yet", Changed(issuer, claims => claims["nbf"] = now.AddMinutes(5).ToUnixTimeSeconds()), "token_not_yet_valid"),
            ("of another issuer", Changed(issuer, claims => claims["iss"] = "https://elsewhere.example.com"), "token_wrong_issuer"),
            ("without an issuer", Changed(issuer, claims => claims.Remove("iss")), "token_wrong_issuer"),
            ("for another audience", Changed(issuer, claims => claims["aud"] = "another"), "token_wrong_audience"),
            ("without an audience", Changed(issuer, claims => claims.Remove("aud")), "token_wrong_audience"),
            ("unsigned", Changed(issuer, header: header => header["alg"] = "none", sign: _ => []), "token_invalid"),
            ("unsigned, with an algorithm", Changed(issuer, sign: _ => []), "token_invalid"),
            ("signed with HS256 and the public key", Changed(
                issuer, header: header => header["alg"] = "HS256", sign: text => HMACSHA256.HashData(Encoding.ASCII.GetBytes(publicKey), text)), "token_invalid"),
            ("signed with another key under the issuer's key id", Changed(
                issuer, sign: text => otherKey.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), "token_invalid"),
            ("signed with a key that is not published", Changed(issuer, header: header => header["kid"] = "unknown"), "token_invalid"),
            ("changed after it was signed", $"{good.Split('.')[0]}.{Encode(new JsonObject { ["sub"] = "root" })}.{good.Split('.')[2]}", "token_invalid"),
        ];
    }

    public static byte[] SignWithIssuersKey(byte[] text)
    {
        using var key = RSA.Create();
        key.ImportFromPem(TestStage.IssuerKey);
        return key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
