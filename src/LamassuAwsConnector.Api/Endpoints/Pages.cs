using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace LamassuAwsConnector.Api.Endpoints;

/// <summary>One page of a list. Every list of the API has this form.</summary>
/// <param name="Next">The bookmark of the next page; null on the last one.</param>
/// <param name="List">What is on this page.</param>
internal sealed record Page<T>(string? Next, IReadOnlyList<T> List);

/// <summary>Which page of a list: an endpoint takes it as <c>[AsParameters]</c>.</summary>
/// <param name="PageSize">How many at most; 25 when left out.</param>
/// <param name="Bookmark">The <c>next</c> of the page before; left out for the first one.</param>
internal sealed partial record PageQuery([FromQuery(Name = "page_size")] int? PageSize, [FromQuery(Name = "bookmark")] string? Bookmark)
{
    public const int DefaultSize = 25;
    public const int MaxSize = 100;

    // What AWS gives as bookmarks is shorter; ConnectorApplication's limit for the first line of a request is set for it.
    private const int MaxBookmarkLength = 4096;

    public int Size => PageSize ?? DefaultSize;

    /// <summary>null: the first page.</summary>
    public string? Start => string.IsNullOrEmpty(Bookmark) ? null : Bookmark;

    public sealed class Validator : AbstractValidator<PageQuery>
    {
        public Validator()
        {
            RuleFor(query => query.PageSize).InclusiveBetween(1, MaxSize).WithMessage($"is not a number from 1 to {MaxSize}");
            RuleFor(query => query.Bookmark)
                .MaximumLength(MaxBookmarkLength).WithMessage("is no bookmark of this list: it is too long")
                .Matches(Printable()).WithMessage("is no bookmark of this list: hand on the next of the page before as it is");
        }
    }

    [GeneratedRegex(@"^[!-~]*\z")]
    private static partial Regex Printable();
}
