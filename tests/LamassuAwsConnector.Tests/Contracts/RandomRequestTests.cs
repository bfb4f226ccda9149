namespace LamassuAwsConnector.Tests.Contracts;

/// <summary>Whatever is sent: with AWS and Lamassu there, no answer is a 5xx, none is undeclared, and every failure is a problem.</summary>
public sealed class RandomRequestTests
{
    private const int Requests = 700;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(20261126)]
    public async Task No_request_leads_to_an_answer_that_is_not_in_the_document(int seed)
    {
        await using var stage = await ApiStage.StartAsync();
        var generator = new RequestGenerator(stage.Document, stage.Stage.Connector.BaseAddress!, seed);
        var seen = new Dictionary<int, int>();

        for (var number = 0; number < Requests; number++)
        {
            var (operation, request, text) = generator.Next();
            using (request)
            using (var response = await stage.Stage.Connector.SendAsync(request, Cancellation))
            {
                var status = (int)response.StatusCode;
                Assert.True(status < 500, $"{status}: {text}: {await response.Content.ReadAsStringAsync(Cancellation)}");
                var faults = await stage.Document.FaultsOfAsync(operation, response);
                Assert.True(faults.Count == 0, $"{text}: {string.Join("; ", faults)}");
                if (status >= 400)
                {
                    await ConformanceTests.AssertIsProblemAsync(stage, response);
                }

                seen[status] = seen.GetValueOrDefault(status) + 1;
            }
        }

        // Else the requests would all have been turned away at the same gate.
        Assert.Superset(new HashSet<int> { 200, 400, 404, 409, 415 }, seen.Keys.ToHashSet());
    }
}
