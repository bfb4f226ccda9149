using System.Text.Json;
using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>The names of Lamassu's closed sets that are checked on input.</summary>
internal static class WireNames
{
    /// <summary>In the order of the bits of RFC 5280, section 4.2.1.3.</summary>
    public static readonly string[] KeyUsages =
    [
        "DigitalSignature", "ContentCommitment", "KeyEncipherment", "DataEncipherment", "KeyAgreement", "CertSign", "CRLSign", "EncipherOnly", "DecipherOnly",
    ];

    /// <summary>Object identifiers of RFC 5280, section 4.2.1.12, and of the vendors.</summary>
    public static readonly IReadOnlyDictionary<string, string> ExtendedKeyUsages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Any"] = "2.5.29.37.0",
        ["ServerAuth"] = "1.3.6.1.5.5.7.3.1",
        ["ClientAuth"] = "1.3.6.1.5.5.7.3.2",
        ["CodeSigning"] = "1.3.6.1.5.5.7.3.3",
        ["EmailProtection"] = "1.3.6.1.5.5.7.3.4",
        ["IPSECEndSystem"] = "1.3.6.1.5.5.7.3.5",
        ["IPSECTunnel"] = "1.3.6.1.5.5.7.3.6",
        ["IPSECUser"] = "1.3.6.1.5.5.7.3.7",
        ["TimeStamping"] = "1.3.6.1.5.5.7.3.8",
        ["OCSPSigning"] = "1.3.6.1.5.5.7.3.9",
        ["MicrosoftServerGatedCrypto"] = "1.3.6.1.4.1.311.10.3.3",
        ["NetscapeServerGatedCrypto"] = "2.16.840.1.113730.4.1",
        ["MicrosoftCommercialCodeSigning"] = "1.3.6.1.4.1.311.2.1.22",
        ["MicrosoftKernelCodeSigning"] = "1.3.6.1.4.1.311.61.1.1",
    };

    private static readonly string[] Reasons =
    [
        "Unspecified", "KeyCompromise", "CACompromise", "AffiliationChanged", "Superseded", "CessationOfOperation", "CertificateHold", "RemoveFromCRL",
        "PrivilegeWithdrawn", "AACompromise",
    ];

    private static readonly string[] KnownKeyTypes = ["RSA", "DSA", "ECDSA", "Ed25519"];

    /// <summary>Key types that are not known turn into the text "0", without a word.</summary>
    public static WireType KeyType { get; } = WireType.Converted(text => KnownKeyTypes.Contains(text) ? text : "0", "models.KeyType", () => "0");

    public static WireType KeyUsage { get; } = new(
        () => new JsonArray(),
        (value, field) =>
        {
            var names = value is JsonArray list ? list.Select(item => NameOf(item, field)).ToList() : [NameOf(value, field)];
            var unknown = names.Find(name => !KeyUsages.Contains(name));
            return unknown is null ? ListOf(KeyUsages.Where(names.Contains)) : throw new WireException($"unknown key usage: {unknown}");
        },
        _ => throw new WireException("unknown key usage: "));

    public static WireType ExtendedKeyUsage { get; } = new(
        () => null,
        (value, field) => value is JsonArray list
            ? ListOf(list.Select(item => CanonicalExtendedKeyUsage(NameOf(item, field))))
            : throw WireType.Mismatch(value, field, "[]models.X509ExtKeyUsage"));

    public static WireType Reason { get; } = new(
        () => "Unspecified",
        (value, _) => value.GetValueKind() == JsonValueKind.String
            && Reasons.FirstOrDefault(reason => reason.Equals(value.GetValue<string>(), StringComparison.OrdinalIgnoreCase)) is { } known
                ? known
                : throw new WireException("unsupported revocation code"),
        _ => throw new WireException("unsupported revocation code"));

    public static JsonArray ListOf(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode?)name)]);

    private static string CanonicalExtendedKeyUsage(string name) =>
        ExtendedKeyUsages.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new WireException($"unknown extended key usage: {name}");

    private static string NameOf(JsonNode? item, string field) => item is null ? "" : WireType.TextOf(item, field, "string");
}
