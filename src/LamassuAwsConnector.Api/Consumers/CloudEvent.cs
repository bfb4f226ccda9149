using System.Text.Json;

namespace LamassuAwsConnector.Api.Consumers;

/// <summary>A CloudEvent 1.0 in structured mode, as Lamassu publishes it. <c>id</c> is no identity: it repeats, and can be <c>unknown</c>.</summary>
public sealed record CloudEvent(string Id, string Source, string Type, string? Subject, DateTimeOffset? Time, JsonElement Data);
