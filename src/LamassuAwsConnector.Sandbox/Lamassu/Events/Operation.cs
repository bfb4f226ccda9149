using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Http;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Events;

/// <summary>Who does something, on whose behalf, and within which trace: what the envelope of its events says.</summary>
internal sealed record Operation
{
    /// <summary>The name behind <c>source://lamassu.io/ctx/source/</c>.</summary>
    public required string Source { get; init; }

    public required string TraceId { get; init; }

    /// <summary>Null when Lamassu has no span: event ids are then <c>unknown</c>.</summary>
    public required string? SpanId { get; init; }

    public string? AuthType { get; init; }

    public string? AuthId { get; init; }

    public string? AuthClaims { get; init; }

    /// <summary>The subject of the operation that this one is part of; audit records carry it.</summary>
    public string? EnclosingSubject { get; init; }

    /// <summary>Certificate events of this operation and of those that it caused; the Device Manager reacts to them.</summary>
    public required List<CertificateEvent> Announced { get; init; }

    public string EventId => SpanId is null ? "unknown" : $"{TraceId}-{SpanId}";

    public static Operation OfRequest(ServiceIdentity service, HttpRequest request)
    {
        var source = request.Headers["x-lms-source"].FirstOrDefault();
        var operation = new Operation
        {
            Source = string.IsNullOrEmpty(source) ? service.Source : source,
            TraceId = TraceIdOf(request.Headers.TraceParent.FirstOrDefault()) ?? NewTraceId(),
            SpanId = NewSpanId(),
            Announced = [],
        };
        return ClaimsOf(request.Headers.Authorization.FirstOrDefault()) is not { } claims ? operation : operation with
        {
            AuthType = "jwt",
            AuthId = (string?)claims["sub"] ?? "",
            AuthClaims = GoJson.Write(claims),
        };
    }

    /// <summary>A periodic job: no span, no caller.</summary>
    public static Operation OfJob(ServiceIdentity service) => new() { Source = service.Source, TraceId = NewTraceId(), SpanId = null, Announced = [] };

    /// <summary>What a consumed event causes: the trace goes on, the source is lost.</summary>
    public static Operation OfEvent(string traceId) =>
        new() { Source = "eventbus-unknown", TraceId = traceId, SpanId = NewSpanId(), AuthType = "system", Announced = [] };

    /// <summary>A call to another service: the trace goes on, the caller's own name takes the place of the source.</summary>
    public Operation CallBy(ServiceIdentity caller) => new() { Source = caller.Source, TraceId = TraceId, SpanId = NewSpanId(), Announced = Announced };

    /// <summary>A span below this one, within the same service.</summary>
    public Operation Within(string subject) => this with { SpanId = SpanId is null ? null : NewSpanId(), EnclosingSubject = subject };

    public static string NewTraceId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string NewSpanId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static string? TraceIdOf(string? traceParent)
    {
        var parts = traceParent?.Split('-') ?? [];
        return parts.Length >= 4 && parts[1].Length == 32 && parts[1].All(char.IsAsciiHexDigitLower) && parts[1].Any(digit => digit != '0') ? parts[1] : null;
    }

    /// <summary>A bearer token is read and not verified, as the services do.</summary>
    private static JsonObject? ClaimsOf(string? authorization)
    {
        var parts = authorization?.Split(' ') is ["Bearer", var token] ? token.Split('.') : [];
        return parts.Length == 3 && Base64Url.IsValid(parts[1])
            ? GoJson.Normalize(GoJson.ReadFirst(Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(parts[1])))) as JsonObject
            : null;
    }
}

/// <summary>An event about a certificate, as the Device Manager receives it.</summary>
internal sealed record CertificateEvent(string Type, JsonObject Previous, JsonObject Updated, string TraceId);
