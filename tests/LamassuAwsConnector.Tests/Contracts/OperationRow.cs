using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Contracts;

/// <param name="Path">Of a request that succeeds, and goes to all that <see cref="UsesLamassu"/> and <see cref="UsesAws"/> say.</param>
/// <param name="Body">Its body.</param>
/// <param name="Statuses">Those of the request, sent as often as there are some.</param>
internal sealed record OperationRow(string Path, JsonObject? Body, params int[] Statuses)
{
    public bool UsesLamassu { get; init; } = true;

    public bool UsesAws { get; init; } = true;

    /// <summary>Other requests of the operation after that, with their status; those whose path or body is null take it from the first.</summary>
    public IReadOnlyList<(int Status, string? Path, JsonObject? Body)> Others { get; init; } = [];

    /// <summary>What is declared and not provoked here, with the reason.</summary>
    public IReadOnlyDictionary<string, string> NotProvoked { get; init; } = new Dictionary<string, string>();
}
