using LamassuAwsConnector.Tests.Broker;
using LamassuAwsConnector.Tests.Infrastructure;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>Collections that take minutes, one test after the other, start first: at the end they would be what everybody waits for.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [ProcessTests.Name, BrokerStage.Collection];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.IndexOf(Long, collection.TestCollectionDisplayName) is >= 0 and var place ? place : Long.Length)];
}
