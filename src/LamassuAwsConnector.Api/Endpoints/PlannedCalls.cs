using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.DryRuns;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>Whether a command is only tried: an endpoint takes it as <c>[AsParameters]</c>.</summary>
/// <param name="IsDry">true: the calls that would change something are answered and not made.</param>
internal sealed record DryRunQuery([FromQuery(Name = "dry_run")] bool? IsDry)
{
    /// <returns>The outcome, and the calls that were not made; null when the command was carried out.</returns>
    public async Task<(TOutcome Outcome, IReadOnlyList<PlannedCallResponse>? PlannedCalls)> RunAsync<TService, TOutcome>(
        TService service, DryRunner dryRunner, Func<TService, Task<TOutcome>> command)
        where TService : notnull
    {
        if (IsDry != true)
        {
            return (await command(service), null);
        }

        var run = await dryRunner.RunAsync(command);
        return (run.Outcome, [.. run.Calls.Select(call => new PlannedCallResponse(call.Service, call.Operation, call.Target, call.Before, call.After))]);
    }
}

/// <summary>A call that a dry run did not make.</summary>
/// <param name="Service" example="aws"><c>aws</c>, <c>lamassu</c>, or <c>connector</c> for work that it would give to itself.</param>
/// <param name="Operation" example="CreatePolicy">As AWS calls it, or method and route of Lamassu.</param>
/// <param name="Target">Name or id of what it would change.</param>
/// <param name="Before">What would be replaced or taken away, where there is something.</param>
/// <param name="After">What would be there afterwards; null where the operation says it all.</param>
internal sealed record PlannedCallResponse(string Service, string Operation, string Target, JsonNode? Before, JsonNode? After);

/// <summary>A command that was only tried and answers with nothing else.</summary>
/// <param name="PlannedCalls">The calls that would change something, in their order; empty when everything is as asked for.</param>
internal sealed record DryRunResponse(IReadOnlyList<PlannedCallResponse> PlannedCalls);
