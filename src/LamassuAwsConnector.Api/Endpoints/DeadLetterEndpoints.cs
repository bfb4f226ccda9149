using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using FluentValidation;
using LamassuAwsConnector.Api.DeadLetters;
using LamassuAwsConnector.Api.Problems;
using LamassuAwsConnector.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>The events that were given up, for the person on call: docs/dead-letters.md.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/dead-letters").WithTags("Dead letters");
        group.MapGet("", ListDeadLetters);
        group.MapPost("/replay", ReplayDeadLetters);
        group.MapDelete("", DeleteDeadLetters);
        group.MapDelete("/{id}", DeleteDeadLetter);
    }

    /// <summary>Lists the events that were given up, the oldest first</summary>
    /// <remarks>
    /// Each look gets up to 1000 letters (or 64 MiB) from the queue and puts them back. What was not looked at is said: `complete` is false, and
    /// `incomplete_because` tells why, e.g. that another call has the letters in its hands. Bodies are not shown.
    /// </remarks>
    private static async Task<Ok<DeadLetterListResponse>> ListDeadLetters(
        [AsParameters] PageQuery query, IDeadLetterStore letters, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var (size, after) = (query.Size, Position(query.Start));
        var list = await letters.ListAsync(cancellationToken);
        var page = DeadLetterPage.Of(list.Letters, size, after);
        var now = timeProvider.GetUtcNow();
        return TypedResults.Ok(new DeadLetterListResponse(
            page.Next, [.. page.List.Select(letter => DeadLetterResponse.Of(letter, now))], list.Total, list.Incomplete is null, list.Incomplete));
    }

    /// <summary>Handles events that were given up once more</summary>
    /// <remarks>
    /// The selected letters go into the connector's own queue, with their retries forgotten, and out of the dead letters: up to 1000 in a call, and none
    /// that came while it was working. Events that fail again are dead letters again. Nothing is lost if the call is interrupted; an event can be handled
    /// twice then, which does no harm.
    /// </remarks>
    private static async Task<Ok<ReplayDeadLettersResponse>> ReplayDeadLetters(
        RequestBody<ReplayDeadLettersRequest> body,
        IDeadLetterStore letters,
        DeadLetterAudit audit,
        IOptions<ConnectorOptions> options,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (body.Value.ConnectorId is { } connectorId)
        {
            ConnectorId.ThrowIfUnknown(connectorId, options.Value);
        }

        var removal = await letters.ReplayAsync(Selection(body.Value.All, body.Value.Ids, body.Value.Cause), cancellationToken);
        audit.Replayed(context.User, removal);
        ThrowIfInterrupted(removal);
        return TypedResults.Ok(new ReplayDeadLettersResponse(
            removal.Removed, removal.NotFound, removal.Left, removal.Incomplete is null, removal.Incomplete));
    }

    /// <summary>Throws away events that were given up, all or those of one cause</summary>
    /// <remarks>Up to 1000 in a call, and none that came while it was working. They can't be had back.</remarks>
    /// <param name="all">`true`: all of them.</param>
    /// <param name="cause" example="denied">The kind or the code of the cause: those letters alone.</param>
    private static async Task<Ok<DeleteDeadLettersResponse>> DeleteDeadLetters(
        IDeadLetterStore letters,
        DeadLetterAudit audit,
        HttpContext context,
        CancellationToken cancellationToken,
        string? all = null,
        string? cause = null)
    {
        var selection = (all, cause) switch
        {
            ("true", null or "") => DeadLetterSelection.All,
            (null or "", { Length: > 0 and <= ReplayDeadLettersRequest.MaxCause }) => Selection(all: null, ids: null, cause),
            _ => throw InvalidRequestException.Of("$", "say which letters: all=true, or cause with the kind or code of their cause"),
        };
        var removal = await letters.DeleteAsync(selection, cancellationToken);
        audit.Deleted(context.User, removal);
        ThrowIfInterrupted(removal);
        return TypedResults.Ok(new DeleteDeadLettersResponse(removal.Removed, removal.Left, removal.Incomplete is null, removal.Incomplete));
    }

    /// <summary>Throws away one event that was given up</summary>
    /// <param name="id" example="3f7e2b0d5c6a49b8a1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738">As the list shows it.</param>
    private static async Task<NoContent> DeleteDeadLetter(
        string id, IDeadLetterStore letters, DeadLetterAudit audit, HttpContext context, CancellationToken cancellationToken)
    {
        if (!ReplayDeadLettersRequest.IsId(id))
        {
            throw InvalidRequestException.Of("id", ReplayDeadLettersRequest.NoId);
        }

        var removal = await letters.DeleteAsync(Selection(all: null, [id], cause: null), cancellationToken);
        audit.Deleted(context.User, removal);
        ThrowIfInterrupted(removal);
        return removal.Removed > 0
            ? TypedResults.NoContent()
            : throw new ConnectorException(
                FailureKind.NotFound,
                "dead_letter_not_found",
                FailureSource.Connector,
                $"There is no dead letter {id}{(removal.Incomplete is null ? "." : $" among those that were looked at. {removal.Incomplete}")}");
    }

    private static DeadLetterSelection Selection(bool? all, IReadOnlyList<string>? ids, string? cause) => all == true
        ? DeadLetterSelection.All
        : new DeadLetterSelection(ids?.Select(id => id.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal), cause);

    private static void ThrowIfInterrupted(DeadLetterRemoval removal)
    {
        if (removal.Interrupted is { } interrupted)
        {
            ExceptionDispatchInfo.Throw(interrupted);
        }
    }

    private static DeadLetterPage.Position? Position(string? bookmark) =>
        bookmark is null ? null
        : DeadLetterPage.Position.Of(bookmark)
            ?? throw InvalidRequestException.Of("bookmark", "is none of this list: send the next of the page before, or leave it out");
}

/// <param name="All" example="true">All of them. One of <c>all</c>, <c>ids</c> and <c>cause</c> has to be given.</param>
/// <param name="Ids">As the list shows them, up to 500.</param>
/// <param name="Cause">The kind or the code of the cause, e.g. <c>denied</c>.</param>
/// <param name="ConnectorId">The id of this connector; may be left out.</param>
internal sealed partial record ReplayDeadLettersRequest(bool? All, IReadOnlyList<string>? Ids, string? Cause, string? ConnectorId)
{
    public const int MaxCause = 256;
    public const string NoId = "is no id of a dead letter: 64 hexadecimal digits";

    // As many as a body has room for.
    private const int MaxIds = 500;

    public static bool IsId(string? text) => text is not null && Sha256().IsMatch(text);

    private int Ways => new[] { All is not null, Ids is not null, Cause is not null }.Count(given => given);

    public sealed class Validator : AbstractValidator<ReplayDeadLettersRequest>
    {
        public Validator()
        {
            RuleFor(request => request).Must(request => request.Ways == 1).OverridePropertyName("$")
                .WithMessage("say which letters: one of all (true), ids and cause");
            RuleFor(request => request.All).NotEqual(false).WithMessage("can only be true; leave it out");
            RuleFor(request => request.Ids).Must(ids => ids is null or { Count: > 0 and <= MaxIds }).WithMessage($"needs 1 to {MaxIds} ids");
            RuleFor(request => request.Ids).Must(ids => ids is null || ids.All(IsId)).WithMessage($"holds a text that {NoId}");
            RuleFor(request => request.Cause).Must(cause => cause is null or { Length: > 0 and <= MaxCause }).WithMessage($"needs 1 to {MaxCause} characters");
        }
    }

    [GeneratedRegex(@"^[0-9a-fA-F]{64}\z")]
    private static partial Regex Sha256();
}

/// <param name="Next">The <c>bookmark</c> of the next page; null: this is the last one.</param>
/// <param name="Total">How many there are, those that were not looked at among them; null when that is not known.</param>
/// <param name="Complete">Whether all letters were looked at.</param>
/// <param name="IncompleteBecause">Why not.</param>
internal sealed record DeadLetterListResponse(string? Next, IReadOnlyList<DeadLetterResponse> List, long? Total, bool Complete, string? IncompleteBecause);

/// <param name="Id">Names the letter here: SHA-256 of its body and of the time when it was given up.</param>
/// <param name="Type" example="ca.create">Of the event; null when the body is no event.</param>
/// <param name="Subject" example="ca/factory">Of the event.</param>
/// <param name="Source">Of the event: who caused it.</param>
/// <param name="RoutingKey">With which the message was published.</param>
/// <param name="Attempts">Deliveries; null when the broker gave it up.</param>
/// <param name="Replays">How often it was replayed before.</param>
/// <param name="FirstTime">When it was first delivered.</param>
/// <param name="DeadLetterTime">When it was given up.</param>
/// <param name="AgeSeconds">Since it was given up.</param>
/// <param name="Size">Of the body, in bytes.</param>
internal sealed record DeadLetterResponse(
    string Id,
    string? Type,
    string? Subject,
    string? Source,
    string? RoutingKey,
    DeadLetterCauseResponse Cause,
    int? Attempts,
    int Replays,
    DateTimeOffset? FirstTime,
    DateTimeOffset? DeadLetterTime,
    long? AgeSeconds,
    int Size)
{
    public static DeadLetterResponse Of(DeadLetterEntry letter, DateTimeOffset now) => new(
        letter.Id,
        letter.Type,
        letter.Subject,
        letter.Source,
        letter.RoutingKey,
        new DeadLetterCauseResponse(letter.Cause.Kind, letter.Cause.Code, letter.Cause.Reason),
        letter.Attempts,
        letter.Replays,
        letter.FirstTime,
        letter.Time,
        letter.Time is { } time ? Math.Max(0, (long)(now - time).TotalSeconds) : null,
        letter.Size);
}

/// <param name="Kind" example="denied">
/// <c>invalid</c>, <c>conflict</c>, <c>denied</c>, <c>throttled</c>, <c>unavailable</c> or <c>unexpected</c>; <c>delivery_limit</c>: the broker gave it up;
/// <c>unknown</c>: it was put there by something else.
/// </param>
/// <param name="Code" example="AccessDeniedException">A stable word for the failure: ours, or the AWS error code.</param>
/// <param name="Reason">A sentence for a person.</param>
internal sealed record DeadLetterCauseResponse(string Kind, string Code, string Reason);

/// <param name="Replayed">How many went into the connector's queue.</param>
/// <param name="NotFound">Ids that were asked for and not found among the letters that were looked at.</param>
/// <param name="Left">How many dead letters were left.</param>
/// <param name="Complete">Whether all letters were looked at; if not, ask again.</param>
/// <param name="IncompleteBecause">Why not.</param>
internal sealed record ReplayDeadLettersResponse(int Replayed, IReadOnlyList<string> NotFound, long Left, bool Complete, string? IncompleteBecause);

/// <param name="Deleted">How many were thrown away.</param>
/// <param name="Left">How many dead letters were left.</param>
/// <param name="Complete">Whether all letters were looked at; if not, ask again.</param>
/// <param name="IncompleteBecause">Why not.</param>
internal sealed record DeleteDeadLettersResponse(int Deleted, long Left, bool Complete, string? IncompleteBecause);
