using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LamassuAwsConnector.Core.Lamassu.Models;

/// <summary>A certificate as Lamassu's CA service gives it; members that we don't use are left out.</summary>
public sealed record Certificate
{
    [JsonPropertyName("serial_number")]
    public string SerialNumber { get; init; } = "";

    [JsonPropertyName("subject_key_id")]
    public string? SubjectKeyId { get; init; }

    [JsonPropertyName("metadata")]
    public JsonObject? Metadata { get; init; }

    /// <summary><c>ACTIVE</c>, <c>EXPIRED</c>, <c>REVOKED</c> or <c>INACTIVE</c>; an unknown text is no order.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>Base64 of the PEM text.</summary>
    [JsonPropertyName("certificate")]
    public string? EncodedPem { get; init; }

    [JsonPropertyName("subject")]
    public Subject? Subject { get; init; }

    [JsonPropertyName("issuer_metadata")]
    public IssuerMetadata? IssuerMetadata { get; init; }

    /// <summary>RFC 5280 reason; holds <c>CertificateHold</c> still after a hold was lifted, so it counts only while the status is REVOKED.</summary>
    [JsonPropertyName("revocation_reason")]
    public string? RevocationReason { get; init; }

    /// <summary><c>MANAGED</c>, <c>IMPORTED_WITH_KEY</c> or <c>IMPORTED_WITHOUT_KEY</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("is_ca")]
    public bool IsCA { get; init; }

    /// <summary>The device that the certificate was bound to, else the common name, by which Lamassu identifies a device too.</summary>
    [JsonIgnore]
    public string? DeviceId => AttachedDeviceId ?? Subject?.CommonName;

    private string? AttachedDeviceId => (Metadata?["lamassu.io/ra/attached-to"] as JsonObject)?["device_id"] is JsonValue id
        && id.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}

public sealed record Subject
{
    [JsonPropertyName("common_name")]
    public string? CommonName { get; init; }
}

public sealed record IssuerMetadata
{
    /// <summary>The CA's id; <c>-</c> when Lamassu doesn't know the issuer.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }
}

public sealed record CACertificate
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("certificate")]
    public Certificate? Certificate { get; init; }

    /// <summary>The CA's own metadata, where the connector's data lives; that of the inner certificate is another map.</summary>
    [JsonPropertyName("metadata")]
    public JsonObject? Metadata { get; init; }
}
