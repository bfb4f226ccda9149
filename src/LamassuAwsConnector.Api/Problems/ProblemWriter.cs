using System.Net.Mime;

namespace LamassuAwsConnector.Api.Problems;

/// <summary>Writes a problem whatever the request accepts: one that was not asked for is better than an empty answer, and better than a 500 for the lack of one.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        ProblemMembers.Complete(context);
        await context.HttpContext.Response.WriteAsJsonAsync(
            context.ProblemDetails, options: null, MediaTypeNames.Application.ProblemJson, context.HttpContext.RequestAborted);
    }
}
